#pragma once

#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <udf/udf.h>

#include "arrays.h"
#include "layouts.h"
#include "null_rules.h"

/* Values and columns as text, so that what is expected can be written out: `1 null 3`, `[a b] []`, `{x: 1 y: null}`. */

using Date = std::chrono::sys_days;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;
/// What is expected is written `"1 2"sv`: literals of each length would be types of their own, and slow to compile.
using namespace std::literals;

template <class Value>
std::string shown(const Value& value) {
  using namespace udf::detail;
  if constexpr (Nullable<Value>::nullable) {
    return value ? shown(*value) : "null";
  } else if constexpr (ListOf<Value>::supported) {
    std::string text;
    for (std::size_t index = 0; index < value.size(); ++index) {
      text += (index == 0 ? "" : " ") + shown(static_cast<const typename ListOf<Value>::Element&>(value[index]));
    }
    return "[" + text + "]";
  } else if constexpr (NamedStruct<Value>) {
    std::string text;
    for_each_field<Value>([&](std::size_t index, const auto& field) {
      text += (index == 0 ? "" : " ") + std::string(field.name) + ": " + shown(value.*field.member);
    });
    return "{" + text + "}";
  } else if constexpr (std::is_same_v<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<Value>) {
    char digits[64];
    if constexpr (std::is_floating_point_v<Value>) {
      if (std::isnan(value)) return "nan";
    }
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
  } else if constexpr (std::is_convertible_v<Value, std::string_view>) {
    return "'" + std::string(std::string_view(value)) + "'";
  } else if constexpr (requires { value.time_since_epoch(); }) {
    return std::to_string(value.time_since_epoch().count());
  } else if constexpr (requires { value.text(); }) {
    return value.text();
  } else {  // bytes
    std::string text;
    for (const std::byte byte : value) {
      text += "0123456789abcdef"[std::to_integer<int>(byte) / 16];
      text += "0123456789abcdef"[std::to_integer<int>(byte) % 16];
    }
    return "x" + text;
  }
}

/// The rows of a column, read as the C++ type T, which owns what it holds.
template <class T>
std::string shown_rows(const udf::detail::Input& column) {
  std::string text;
  udf::detail::Cell<T> cell(column);
  for (std::int64_t row = 0; row < column.rows; ++row) {
    cell.reset();
    text += (row == 0 ? "" : " ") + shown(cell.read(row));
  }
  return text;
}

/// An Arrow array after import, by the null rules of an argument `std::optional<T>` called "x" of f().
template <class T>
std::string imported(laid::Array array) {
  using namespace udf::detail;
  Function function;
  function.name = "f";
  function.arguments.push_back(field_of<std::optional<T>>("x"));
  const Type& type = function.arguments[0].type;
  const ArrowColumn given = array.arrow();
  const auto shown_with = [&](TextForm texts) {
    Arena arena;
    const Input column = import_arrow(given, type, Place::argument(function, 0), arena, texts);
    return shown_rows<std::optional<T>>(move_nulls_outward(column, type, arena));
  };
  const std::string rows = shown_with(TextForm::Views);
  CHECK(shown_with(TextForm::Offsets) == rows);
  return rows;
}

/// What import says of an array that it refuses.
template <class T>
std::string refusal(laid::Array array) {
  try {
    return "accepted: " + imported<T>(std::move(array));
  } catch (const udf::detail::UsageError& error) {
    constexpr std::string_view place = "f(): argument \"x\"";
    const std::string_view text = error.what();
    return std::string(text.starts_with(place) ? text.substr(place.size()) : text);
  }
}
