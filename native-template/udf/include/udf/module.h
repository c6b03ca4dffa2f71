#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "udf/aggregate.h"
#include "udf/batch.h"
#include "udf/callable.h"
#include "udf/checks.h"
#include "udf/defaults.h"
#include "udf/function.h"
#include "udf/kernel.h"
#include "udf/problems.h"
#include "udf/registration.h"

namespace udf {

namespace detail {

template <class Class>
const void* make_from_config(const Config* config) {
  return new Class(*config);
}
template <class Class>
const void* make_from_nothing(const Config*) {
  return new Class();
}

/// One object for each class; its address is the class's identity.
template <class Class>
constexpr StateClass describe_class() {
  StateClass described{};
  if constexpr (std::is_constructible_v<Class, const Config&>) described.from_config = &make_from_config<Class>;
  if constexpr (std::is_default_constructible_v<Class>) described.from_nothing = &make_from_nothing<Class>;
  return described;
}
template <class Class>
inline constexpr StateClass state_class = describe_class<Class>();

template <class... T, class... Names>
void describe_arguments(Function& function, TypeList<T...>, const Names&... names) {
  (function.arguments.push_back(field_of<T>(names.text)), ...);
  (add_default<T>(function, names), ...);
}

/// An aggregate is given all values of a group, nulls among them.
template <class... T, class... Names>
void describe_groups(Function& function, TypeList<T...>, const Names&... names) {
  const auto list_of = [](Field value) {
    Type list(Kind::List);
    list.children.push_back({"", std::move(value.type), true});
    return Field{std::move(value.name), std::move(list), value.nullable};
  };
  (function.arguments.push_back(list_of(field_of<T>(names.text))), ...);
}

/// The kernel of a function of one row that promises not to throw.
template <auto Call>
struct Unfailing {
  using Traits = Callable<FunctionType<Call>>;
  static constexpr bool can_fail = Outcome<typename Traits::Result>::can_fail;
  static constexpr Kernel kernel() {
    return &KernelOf<Call, typename Traits::Class, typename Traits::Result, false, typename Traits::Arguments>::run;
  }
};

}  // namespace detail

/// The functions of a module, in the order of their registration.
class Module {
 public:
  /// Registers a function of one row: a plain function, a lambda without captures, or a const method. Types and null
  /// rules come from its type; `names` are those of its arguments, such as `"lat1"_a`.
  template <auto Call, class... Names>
  auto row(std::string_view name, Names... names) {
    return add_row<Call>(detail::FunctionKind::Row, name, names...);
  }

  /// As `row`, for a function that makes many rows of one: it gives a std::vector of them.
  template <auto Call, class... Names>
  auto table(std::string_view name, Names... names);

  /// Registers a function over whole columns, `std::span<const T>` or `udf::Column<T>` each. It returns a std::vector
  /// with a result for each row, or writes numbers to a `std::span<T>`, its last argument. Its results may not depend on
  /// which rows come together.
  template <auto Call, class... Names>
  auto batch(std::string_view name, Names... names);

  /// Registers a class that makes one result of the rows of a group: `void add(values)`, `void merge(const Class&)`,
  /// `R finish() const`. Each group has an object, or one for each part of it; `names` are those of the arguments of `add`.
  template <class Class, class... Names>
  auto aggregate(std::string_view name, Names... names);

  /// For the runtime: takes what was registered.
  std::vector<std::unique_ptr<detail::Function>> take() { return std::move(functions_); }

 private:
  template <auto Call, class... Names>
  auto add_row(detail::FunctionKind kind, std::string_view name, const Names&... names);

  detail::Function& add(detail::FunctionKind kind, std::string_view name) {
    functions_.push_back(std::make_unique<detail::Function>());
    functions_.back()->kind = kind;
    functions_.back()->name = name;
    return *functions_.back();
  }

  std::vector<std::unique_ptr<detail::Function>> functions_;
};

template <auto Call, class... Names>
auto Module::add_row(detail::FunctionKind kind, std::string_view name, const Names&... names) {
  using Traits = detail::Callable<detail::FunctionType<Call>>;
  static_assert(Traits::supported, "udf: register a function, a lambda without captures or a method, as in m.row<f>(\"f\", \"x\"_a)");
  if constexpr (Traits::supported) {
    using Class = typename Traits::Class;
    using Result = typename detail::Outcome<typename Traits::Result>::Value;
    using Arguments = typename Traits::Arguments;
    using For = detail::RegisteredFunction<Call, Names...>;
    constexpr bool named = Traits::arity == sizeof...(Names) && (detail::is_argument_name<Names> && ...);
    constexpr bool is_named = detail::check_names<For, named, Traits::arity>();
    constexpr bool has_arguments = detail::check_argument<For, detail::problem_of_arguments(Arguments())>();
    constexpr bool has_result = detail::check_result<For, detail::problem_of_result<Result>()>();
    constexpr bool has_defaults = detail::check_defaults<For, detail::problem_of_defaults<named, Names...>(Arguments())>();
    constexpr bool has_object = detail::check_object<For, Traits>();
    detail::Function& added = add(kind, name);
    if constexpr (is_named && has_arguments && has_result && has_defaults && has_object) {
      detail::describe_arguments(added, Arguments(), names...);
      added.result = detail::field_of<Result>("");
      added.kernel = &detail::KernelOf<Call, Class, typename Traits::Result, Traits::can_throw, Arguments>::run;
      if constexpr (!std::is_void_v<Class>) added.state_class = &detail::state_class<Class>;
    }
    return Registration<Class, detail::Unfailing<Call>>(added);
  } else {
    return NoRegistration();
  }
}

template <auto Call, class... Names>
auto Module::table(std::string_view name, Names... names) {
  using Traits = detail::Callable<detail::FunctionType<Call>>;
  if constexpr (Traits::supported) {
    using Result = typename detail::Outcome<typename Traits::Result>::Value;
    using Rows = typename detail::Nullable<Result>::Value;
    static_assert(detail::ListOf<Rows>::supported || detail::problem_of_result<Result>() != detail::Problem::None,
                  "udf: a table function gives a std::vector<T>, a row for each element");
  }
  return add_row<Call>(detail::FunctionKind::Table, name, names...);
}

template <auto Call, class... Names>
auto Module::batch(std::string_view name, Names... names) {
  using Traits = detail::Callable<detail::FunctionType<Call>>;
  static_assert(Traits::supported, "udf: register a function, a lambda without captures or a method, as in m.batch<f>(\"f\", \"x\"_a)");
  if constexpr (Traits::supported) {
    using Class = typename Traits::Class;
    using Signature = detail::BatchSignature<typename Traits::Result, typename Traits::Arguments>;
    using Values = typename Signature::Values;
    using For = detail::RegisteredFunction<Call, Names...>;
    constexpr bool columns = detail::are_batch_columns(typename Signature::Columns());
    static_assert(columns || !Signature::gives,
                  "udf: a batch function takes columns: std::span<const T> of numbers, bool or std::string_view, or "
                  "udf::Column<T> of any type");
    static_assert(Signature::gives,
                  "udf: a batch function gives a std::vector<T> with a result for each row, or gives void and writes "
                  "numbers to a std::span<T>, its last argument");
    constexpr bool named = Signature::arity == sizeof...(Names) && (detail::is_argument_name<Names> && ...);
    constexpr bool is_named = detail::check_names<For, named || !columns || !Signature::gives, int(Signature::arity)>();
    constexpr auto argument = columns ? detail::problem_of_arguments(Values()) : detail::Problem::None;
    constexpr bool has_arguments = detail::check_argument<For, argument>();
    constexpr bool has_result = detail::check_result<For, detail::problem_of_result<typename Signature::Value>()>();
    constexpr bool has_defaults = detail::check_defaults<For, detail::problem_of_defaults<named, Names...>(Values())>();
    constexpr bool has_object = detail::check_object<For, Traits>();
    detail::Function& added = add(detail::FunctionKind::Batch, name);
    if constexpr (columns && Signature::gives && is_named && has_arguments && has_result && has_defaults && has_object) {
      detail::describe_arguments(added, Values(), names...);
      added.result = detail::field_of<typename Signature::Value>("");
      added.kernel = &detail::BatchOf<Call, Class, Signature>::run;
      if constexpr (!std::is_void_v<Class>) added.state_class = &detail::state_class<Class>;
    }
    return Registration<Class>(added);
  } else {
    return NoRegistration();
  }
}

template <class Class, class... Names>
auto Module::aggregate(std::string_view name, Names... names) {
  using Parts = detail::AggregateParts<Class>;
  using Result = typename detail::Outcome<typename detail::AggregateResult<Class>::Type>::Value;
  if constexpr (detail::check_aggregate<Parts>()) {
    using Arguments = typename Parts::Arguments;
    using For = detail::RegisteredClass<Class, Names...>;
    constexpr bool named = Parts::Add::arity == sizeof...(Names) && (detail::is_argument_name<Names> && ...);
    constexpr bool plain = !(detail::DefaultOf<Names>::given || ...);
    static_assert(plain, "udf: an argument of an aggregate has no default");
    constexpr bool is_named = detail::check_names<For, named, Parts::Add::arity>();
    constexpr bool has_arguments = detail::check_argument<For, detail::problem_of_arguments(Arguments())>();
    constexpr bool has_result = detail::check_result<For, detail::problem_of_result<Result>()>();
    if constexpr (plain && is_named && has_arguments && has_result) {
      detail::Function& added = add(detail::FunctionKind::Aggregate, name);
      detail::describe_groups(added, Arguments(), names...);
      added.result = detail::field_of<Result>("");
      added.kernel = &detail::AggregateOf<Class, Arguments>::run;
      return Registration<void>(added);
    } else {
      return NoRegistration();
    }
  } else {
    return NoRegistration();
  }
}

namespace detail {
/// Written by UDF_MODULE, once in a module.
void define_module(Module& module);
extern const char* const module_name;
/// The CPython door; gives a PyObject*.
void* python_init() noexcept;
}  // namespace detail

}  // namespace udf

/// Registers the module's functions: `UDF_MODULE(name, m) { m.row<f>("f", "x"_a); }`, once, outside of any namespace.
/// The name is that of `udf_add_module` and of native-udf.json. Its body stands outside of namespaces too: a function may
/// have a name that the SDK has inside.
#define UDF_MODULE(name, m)                                                                            \
  static_assert(std::string_view(#name) == UDF_MODULE_NAME,                                            \
                "udf: UDF_MODULE and udf_add_module in CMakeLists.txt must name the same module");     \
  extern const char* const udf::detail::module_name = #name;                                           \
  extern "C" [[gnu::visibility("default")]] void* PyInit_##name();                                     \
  extern "C" void* PyInit_##name() { return ::udf::detail::python_init(); }                            \
  static void udf_register_##name(::udf::Module&);                                                     \
  void udf::detail::define_module(::udf::Module& module) { udf_register_##name(module); }              \
  static void udf_register_##name([[maybe_unused]] ::udf::Module& m)
