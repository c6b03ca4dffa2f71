#pragma once

#include <optional>
#include <span>
#include <type_traits>

#include "udf/callable.h"
#include "udf/value.h"

namespace udf::detail {

/// Why a C++ type cannot be an argument or a result; each has words of its own for the author.
enum class Problem {
  None,
  Nothing,
  Writable,
  CharacterPointer,
  WritableList,
  OtherTime,
  UndescribedStruct,
  NotMade,
  Unsupported,
};

template <class T>
inline constexpr bool is_writable_list = false;
template <class E>
inline constexpr bool is_writable_list<std::span<E>> = !std::is_const_v<E>;

template <class T>
consteval Problem problem_of_value();

/// Structs are made field by field.
template <class Value>
consteval bool can_be_made() {
  if constexpr (ListOf<Value>::supported) {
    return can_be_made<typename Nullable<typename ListOf<Value>::Element>::Value>();
  } else {
    return std::is_default_constructible_v<Value>;
  }
}

/// Of a type that may be a `std::optional`.
template <class T>
consteval Problem problem_of_value() {
  using Value = typename Nullable<T>::Value;
  using Pointed = std::remove_cv_t<std::remove_pointer_t<Value>>;
  if constexpr (is_supported<T>()) {
    return Problem::None;
  } else if constexpr (ListOf<Value>::supported) {
    return problem_of_value<typename ListOf<Value>::Element>();
  } else if constexpr (std::is_void_v<Value>) {
    return Problem::Nothing;
  } else if constexpr (std::is_pointer_v<Value> && std::is_same_v<Pointed, char>) {
    return Problem::CharacterPointer;
  } else if constexpr (is_writable_list<Value>) {
    return Problem::WritableList;
  } else if constexpr (requires(const Value& value) { value.time_since_epoch(); }) {
    return Problem::OtherTime;
  } else if constexpr (std::is_aggregate_v<Value> && std::is_class_v<Value>) {
    return Problem::UndescribedStruct;
  } else {
    return Problem::Unsupported;
  }
}

template <class T>
consteval Problem problem_of_argument() {
  using Bare = std::remove_cvref_t<T>;
  if constexpr (std::is_lvalue_reference_v<T> && !std::is_const_v<std::remove_reference_t<T>>) {
    return Problem::Writable;
  } else {
    constexpr Problem problem = problem_of_value<Bare>();
    if constexpr (problem == Problem::None) {
      return can_be_made<typename Nullable<Bare>::Value>() ? Problem::None : Problem::NotMade;
    } else {
      return problem;
    }
  }
}

/// Of the first argument that has one.
template <class... T>
consteval Problem problem_of_arguments(TypeList<T...>) {
  Problem first = Problem::None;
  ((first = first == Problem::None ? problem_of_argument<T>() : first), ...);
  return first;
}

template <class Result>
consteval Problem problem_of_result() {
  constexpr Problem problem = problem_of_value<Result>();
  return problem == Problem::WritableList ? Problem::Unsupported : problem;
}

}  // namespace udf::detail
