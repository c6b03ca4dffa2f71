#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "udf/callable.h"
#include "udf/defaults.h"
#include "udf/function.h"
#include "udf/kernel.h"
#include "udf/problems.h"

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

}  // namespace detail

/// One registered function; each call returns *this, so that a registration reads as one sentence.
template <auto Call>
class Registration {
  using Traits = detail::Callable<detail::FunctionType<Call>>;
  using Class = typename Traits::Class;

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

  /// The same arguments may give another result at another time: callers must not reuse one.
  Registration& not_deterministic() {
    function_.deterministic = false;
    return *this;
  }

  /// Promises that the function never throws, as `noexcept` does, which makes its loop faster; one that throws all the
  /// same ends the process.
  Registration& cannot_fail() {
    static_assert(!detail::Outcome<typename Traits::Result>::can_fail, "udf: a function that gives a udf::Result can fail");
    function_.kernel = &detail::KernelOf<Call, Class, typename Traits::Result, false, typename Traits::Arguments>::run;
    return *this;
  }

 private:
  detail::Function& function_;
};

/// What a registration gives that was refused, so that there is one error and no second one.
class NoRegistration {
 public:
  NoRegistration& doc(std::string_view) { return *this; }
  NoRegistration& config(std::string_view) { return *this; }
  NoRegistration& not_deterministic() { return *this; }
  NoRegistration& cannot_fail() { return *this; }
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
  static_assert(Traits::supported, "udf: register a function, a lambda without captures or a method, as in m.row<f>(\"f\", \"x\"_a)");
  if constexpr (Traits::supported) {
    using Class = typename Traits::Class;
    using Result = typename detail::Outcome<typename Traits::Result>::Value;
    using Arguments = typename Traits::Arguments;
    using enum detail::Problem;
    constexpr bool named = Traits::arity == sizeof...(Names) && (detail::is_argument_name<Names> && ...);
    constexpr detail::Problem argument = detail::problem_of_arguments(Arguments());
    constexpr detail::Problem result = detail::problem_of_result<Result>();
    constexpr detail::DefaultProblem defaults = detail::problem_of_defaults<named, Names...>(Arguments());
    constexpr bool constructible = std::is_void_v<Class> || std::is_constructible_v<Class, const Config&> ||
                                   std::is_default_constructible_v<Class>;
    static_assert(Traits::arity > 0, "udf: a row function takes at least one argument");
    static_assert(Traits::arity <= 32, "udf: a row function takes at most 32 arguments");
    static_assert(named, "udf: name every argument, in order, for example \"lat1\"_a");
    static_assert(argument != Writable,
                  "udf: an argument is only read; take it by value or as a const reference");
    static_assert(argument != CharacterPointer, "udf: take text as std::string_view");
    static_assert(argument != WritableList, "udf: take a list as std::span<const T>");
    static_assert(argument != OtherTime,
                  "udf: take a date as std::chrono::sys_days, a timestamp as std::chrono::sys_time<microseconds>, and one "
                  "without a zone as std::chrono::local_time<microseconds>");
    static_assert(argument != UndescribedStruct, "udf: write UDF_STRUCT(Struct, field) beside the struct of an argument");
    static_assert(argument != NotMade, "udf: a struct that is an argument needs a constructor without arguments");
    static_assert(argument != Unsupported,
                  "udf: an argument's type must be bool, an integer of 8 to 64 bits, float, double, std::string_view, "
                  "std::span<const std::byte>, a date or timestamp, udf::Decimal, std::span<const T>, a struct with "
                  "UDF_STRUCT, or a std::optional of one of these");
    static_assert(result != Nothing, "udf: a row function gives a result, and this one gives void");
    static_assert(result != CharacterPointer, "udf: give text as std::string");
    static_assert(result != OtherTime,
                  "udf: give a date as std::chrono::sys_days, a timestamp as std::chrono::sys_time<microseconds>, and one "
                  "without a zone as std::chrono::local_time<microseconds>");
    static_assert(result != UndescribedStruct, "udf: write UDF_STRUCT(Struct, field) beside the struct of a result");
    static_assert(result != Unsupported,
                  "udf: a result's type must be bool, an integer of 8 to 64 bits, float, double, std::string, "
                  "std::vector<std::byte>, a date or timestamp, udf::Decimal, std::vector<T>, a struct with UDF_STRUCT, "
                  "or a std::optional of one of these");
    static_assert(defaults != detail::DefaultProblem::Order,
                  "udf: only the last arguments may have defaults, so that callers can leave them out");
    static_assert(defaults != detail::DefaultProblem::Fit,
                  "udf: a default must fit its argument, and be a bool, a number, a text, or std::nullopt for a "
                  "std::optional");
    static_assert(Traits::constant, "udf: the method must be const, since all threads share its object");
    static_assert(constructible, "udf: give the class a constructor that takes const udf::Config&, or nothing");
    detail::Function& added = add(name);
    if constexpr (Traits::arity > 0 && named && argument == None && result == None &&
                  defaults == detail::DefaultProblem::None && Traits::constant && constructible) {
      detail::describe_arguments(added, Arguments(), names...);
      added.result = detail::field_of<Result>("");
      added.kernel = &detail::KernelOf<Call, Class, typename Traits::Result, Traits::can_throw, Arguments>::run;
      if constexpr (!std::is_void_v<Class>) added.state_class = &detail::state_class<Class>;
    }
    return Registration<Call>(added);
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
/// The name is that of `udf_add_module` and of native-udf.json.
#define UDF_MODULE(name, m)                                                                            \
  static_assert(std::string_view(#name) == UDF_MODULE_NAME,                                            \
                "udf: UDF_MODULE and udf_add_module in CMakeLists.txt must name the same module");     \
  extern const char* const udf::detail::module_name = #name;                                           \
  extern "C" [[gnu::visibility("default")]] void* PyInit_##name();                                     \
  extern "C" void* PyInit_##name() { return ::udf::detail::python_init(); }                            \
  void udf::detail::define_module([[maybe_unused]] ::udf::Module& m)
