#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "udf/callable.h"
#include "udf/function.h"
#include "udf/kernel.h"
#include "udf/struct.h"

namespace udf {

/// The name of one argument; written `"lat1"_a`.
struct ArgumentName {
  std::string_view text;
};

namespace literals {
constexpr ArgumentName operator""_a(const char* text, std::size_t size) { return {{text, size}}; }
}  // namespace literals

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

template <class T>
inline constexpr bool supported_argument =
    (!std::is_lvalue_reference_v<T> || std::is_const_v<std::remove_reference_t<T>>) &&
    Scalar<typename Nullable<std::remove_cvref_t<T>>::Value>::supported;

template <class... T>
constexpr bool supported_arguments(TypeList<T...>) {
  return (supported_argument<T> && ...);
}

template <class T>
inline constexpr bool supported_result =
    Scalar<typename Nullable<T>::Value>::supported || NamedStruct<typename Nullable<T>::Value>;

template <class T>
Field field_of(std::string_view name) {
  using Bare = Nullable<std::remove_cvref_t<T>>;
  return {std::string(name), Scalar<typename Bare::Value>::type, Bare::nullable};
}

template <class... T, class... Names>
void describe_arguments(Function& function, TypeList<T...>, Names... names) {
  (function.arguments.push_back(field_of<T>(names.text)), ...);
}

template <class Result>
void describe_result(Function& function) {
  using Value = typename Nullable<Result>::Value;
  function.nullable_result = Nullable<Result>::nullable;
  if constexpr (Scalar<Value>::supported) {
    function.leaves.push_back(field_of<Value>(""));
  } else {
    function.struct_name = struct_fields<Value>.name;
    std::apply(
        [&](const auto&... field) {
          (function.leaves.push_back(
               field_of<typename std::remove_cvref_t<decltype(field)>::Member>(field.name)),
           ...);
        },
        struct_fields<Value>.fields);
  }
}

}  // namespace detail

/// One registered function; each call returns *this, so that a registration reads as one sentence.
template <class Class>
class Registration {
 public:
  explicit Registration(detail::Function& function) : function_(function) {}

  /// Shown to callers of the stubs.
  Registration& doc(std::string_view text) {
    function_.doc = text;
    return *this;
  }

  /// The object whose method this is, is made from the config file with this name, once in each process; all methods
  /// of one class and one config share it.
  Registration& config(std::string_view file) {
    static_assert(!std::is_void_v<Class>, "udf: only a method of a class is made from a config file");
    static_assert(std::is_void_v<Class> || std::is_constructible_v<Class, const Config&>,
                  "udf: give the class a constructor that takes const udf::Config&");
    function_.config = file;
    return *this;
  }

 private:
  detail::Function& function_;
};

/// The functions of a module, in the order of their registration.
class Module {
 public:
  /// Registers a function of one row: a plain function, a lambda without captures, or a const method. Types and null
  /// rules come from its type; `names` are those of its arguments, such as `"lat1"_a`.
  template <auto Call, class... Names>
  auto row(std::string_view name, Names... names);

  /// For the runtime: takes what was registered.
  std::vector<std::unique_ptr<detail::Function>> take() { return std::move(functions_); }

 private:
  detail::Function& add(std::string_view name) {
    functions_.push_back(std::make_unique<detail::Function>());
    functions_.back()->name = name;
    return *functions_.back();
  }

  std::vector<std::unique_ptr<detail::Function>> functions_;
};

template <auto Call, class... Names>
auto Module::row(std::string_view name, Names... names) {
  using Traits = detail::Callable<detail::FunctionType<Call>>;
  static_assert(Traits::supported, "udf: register a function, a lambda without captures or a method, as in m.row<f>(…)");
  if constexpr (Traits::supported) {
    using Class = typename Traits::Class;
    using Result = typename Traits::Result;
    using Arguments = typename Traits::Arguments;
    constexpr bool named = Traits::arity == sizeof...(Names) && (std::is_same_v<Names, ArgumentName> && ...);
    constexpr bool arguments = detail::supported_arguments(Arguments());
    constexpr bool result = detail::supported_result<Result>;
    constexpr bool constructible = std::is_void_v<Class> || std::is_constructible_v<Class, const Config&> ||
                                   std::is_default_constructible_v<Class>;
    static_assert(Traits::arity > 0, "udf: a row function takes at least one argument");
    static_assert(Traits::arity <= 32, "udf: a row function takes at most 32 arguments");
    static_assert(named, "udf: name every argument, in order, for example \"lat1\"_a");
    static_assert(arguments,
                  "udf: an argument's type must be bool, std::int32_t, std::int64_t, float, double, std::string_view, "
                  "std::string, or a std::optional of one of these");
    static_assert(result,
                  "udf: a result's type must be bool, std::int32_t, std::int64_t, float, double, std::string, a struct "
                  "with UDF_STRUCT(Struct, field, …) beside it, or a std::optional of one of these");
    static_assert(Traits::constant, "udf: the method must be const, since all threads share its object");
    static_assert(constructible, "udf: give the class a constructor that takes const udf::Config&, or nothing");
    detail::Function& added = add(name);
    if constexpr (Traits::arity > 0 && named && arguments && result && Traits::constant && constructible) {
      detail::describe_arguments(added, Arguments(), names...);
      detail::describe_result<Result>(added);
      added.kernel = &detail::KernelOf<Call, Class, Result, Traits::can_throw, Arguments>::run;
      if constexpr (!std::is_void_v<Class>) added.state_class = &detail::state_class<Class>;
    }
    return Registration<Class>(added);
  } else {
    return Registration<void>(add(name));
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
/// The name is that of `udf_add_module` and of native-udf.json.
#define UDF_MODULE(name, m)                                                                            \
  static_assert(std::string_view(#name) == UDF_MODULE_NAME,                                            \
                "udf: UDF_MODULE and udf_add_module in CMakeLists.txt must name the same module");     \
  extern const char* const udf::detail::module_name = #name;                                           \
  extern "C" [[gnu::visibility("default")]] void* PyInit_##name();                                     \
  extern "C" void* PyInit_##name() { return ::udf::detail::python_init(); }                            \
  void udf::detail::define_module([[maybe_unused]] ::udf::Module& m)
