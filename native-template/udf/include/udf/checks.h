#pragma once

#include <type_traits>

#include "udf/config.h"
#include "udf/defaults.h"
#include "udf/problems.h"

namespace udf::detail {

// What a registration says of a mistake, in one place for all kinds of functions. Each gives true where all is well.
// `For` is what is registered: the compiler says a mistake once for the same template arguments.

/// A function or class, with the names that it is registered with.
template <auto Call, class... Names>
struct RegisteredFunction {};
template <class Class, class... Names>
struct RegisteredClass {};

template <class For, bool named, int arity>
consteval bool check_names() {
  static_assert(arity > 0, "udf: a function takes at least one argument");
  static_assert(arity <= 32, "udf: a function takes at most 32 arguments");
  static_assert(named, "udf: name every argument, in order, for example \"lat1\"_a");
  return arity > 0 && arity <= 32 && named;
}

template <class For, Problem argument>
consteval bool check_argument() {
  using enum Problem;
  static_assert(argument != Writable, "udf: an argument is only read; take it by value or as a const reference");
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
  return argument == None;
}

template <class For, Problem result>
consteval bool check_result() {
  using enum Problem;
  static_assert(result != Nothing, "udf: a function gives a result, and this one gives void");
  static_assert(result != CharacterPointer, "udf: give text as std::string");
  static_assert(result != OtherTime,
                "udf: give a date as std::chrono::sys_days, a timestamp as std::chrono::sys_time<microseconds>, and one "
                "without a zone as std::chrono::local_time<microseconds>");
  static_assert(result != UndescribedStruct, "udf: write UDF_STRUCT(Struct, field) beside the struct of a result");
  static_assert(result != Unsupported,
                "udf: a result's type must be bool, an integer of 8 to 64 bits, float, double, std::string, "
                "std::vector<std::byte>, a date or timestamp, udf::Decimal, std::vector<T>, a struct with UDF_STRUCT, "
                "or a std::optional of one of these");
  return result == None;
}

template <class For, DefaultProblem defaults>
consteval bool check_defaults() {
  static_assert(defaults != DefaultProblem::Order,
                "udf: only the last arguments may have defaults, so that callers can leave them out");
  static_assert(defaults != DefaultProblem::Fit,
                "udf: a default must fit its argument, and be a bool, a number, a text, or std::nullopt for a "
                "std::optional");
  return defaults == DefaultProblem::None;
}

/// Of the object that a method is called on.
template <class For, class Traits>
consteval bool check_object() {
  using Class = typename Traits::Class;
  constexpr bool constructible = std::is_void_v<Class> || std::is_constructible_v<Class, const Config&> ||
                                 std::is_default_constructible_v<Class>;
  static_assert(Traits::constant, "udf: the method must be const, since all threads share its object");
  static_assert(constructible, "udf: give the class a constructor that takes const udf::Config&, or nothing");
  return Traits::constant && constructible;
}

/// Of the class of an aggregate.
template <class Parts>
consteval bool check_aggregate() {
  static_assert(Parts::makeable, "udf: an aggregate's class needs a constructor without arguments: each group has an object");
  static_assert(Parts::adds, "udf: an aggregate needs one method void add(values) that takes in the values of a row");
  static_assert(Parts::merges, "udf: an aggregate needs a method merge(const Class& other) that takes in what another has seen");
  static_assert(Parts::finishes, "udf: an aggregate needs a method finish() const that gives the result");
  return Parts::makeable && Parts::adds && Parts::merges && Parts::finishes;
}

}  // namespace udf::detail
