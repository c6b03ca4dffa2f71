#pragma once

#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "udf/scalar.h"
#include "udf/struct.h"
#include "udf/types.h"

namespace udf::detail {

/// The element type of what is a list in a column; bytes are no list.
template <class T>
struct ListOf {
  static constexpr bool supported = false;
};
template <class E>
  requires(!std::is_same_v<E, std::byte>)
struct ListOf<std::span<const E>> {
  static constexpr bool supported = true;
  static constexpr bool owns = false;
  using Element = E;
};
template <class E>
  requires(!std::is_same_v<E, std::byte>)
struct ListOf<std::vector<E>> {
  static constexpr bool supported = true;
  static constexpr bool owns = true;
  using Element = E;
};

template <class Fields>
inline constexpr bool supported_fields = false;

/// True for every C++ type that a column can hold, `std::optional` or not.
template <class T>
consteval bool is_supported() {
  using Value = typename Nullable<T>::Value;
  if constexpr (ListOf<Value>::supported) {
    return is_supported<typename ListOf<Value>::Element>();
  } else {
    return Scalar<Value>::supported || NamedStruct<Value>;
  }
}

template <class... F>
inline constexpr bool supported_fields<const StructFields<F...>> = (is_supported<typename F::Member>() && ...);

template <class T>
Field field_of(std::string_view name);

/// A type without its `std::optional`.
template <class Value>
Type type_of() {
  if constexpr (ListOf<Value>::supported) {
    Type type(Kind::List);
    type.children.push_back(field_of<typename ListOf<Value>::Element>(""));
    return type;
  } else if constexpr (Scalar<Value>::supported) {
    return Scalar<Value>::type();
  } else {
    Type type(Kind::Struct);
    type.name = struct_fields<Value>.name;
    for_each_field<Value>([&](std::size_t, const auto& field) {
      type.children.push_back(field_of<typename std::remove_cvref_t<decltype(field)>::Member>(field.name));
    });
    return type;
  }
}

template <class T>
Field field_of(std::string_view name) {
  using Bare = Nullable<std::remove_cvref_t<T>>;
  return {std::string(name), type_of<typename Bare::Value>(), Bare::nullable};
}

}  // namespace udf::detail
