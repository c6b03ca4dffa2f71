#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "messages.h"
#include "node_arrays.h"
#include "node_text.h"
#include "one_row.h"

namespace udf::detail::node {

/// Values of fixed width and bytes, between JavaScript and a row of a column.

/// True when `number` is a whole number of type Integer.
template <class Integer>
bool whole(double number, Integer& result, double smallest, double largest) {
  if (!(number >= smallest && number <= largest) || std::trunc(number) != number) return false;
  result = static_cast<Integer>(number);
  return true;
}

inline constexpr double safe_integer = 9007199254740991.0;

/// Reads a bigint of 64 bits, or a number that is a safe integer.
inline bool read_int64(napi_env env, napi_value value, std::int64_t& result) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) == napi_ok) return whole(number, result, -safe_integer, safe_integer);
  bool lossless = false;
  return napi_get_value_bigint_int64(env, value, &result, &lossless) == napi_ok && lossless;
}

inline bool read_uint64(napi_env env, napi_value value, std::uint64_t& result) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) == napi_ok) return whole(number, result, 0, safe_integer);
  bool lossless = false;
  return napi_get_value_bigint_uint64(env, value, &result, &lossless) == napi_ok && lossless;
}

template <class Integer>
bool read_small(napi_env env, napi_value value, Integer& result) {
  double number = 0;
  return napi_get_value_double(env, value, &number) == napi_ok &&
         whole(number, result, std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max());
}

/// Milliseconds since 1970 of a Date; false when it is none, or an invalid one.
inline bool read_date(napi_env env, napi_value value, std::int64_t& milliseconds) {
  bool is_date = false;
  check(env, napi_is_date(env, value, &is_date));
  double number = 0;
  if (is_date) check(env, napi_get_date_value(env, value, &number));
  return is_date && whole(number, milliseconds, -8.64e15, 8.64e15);
}

inline constexpr std::int64_t day_milliseconds = 86'400'000;

/// A bigint of microseconds since 1970, or a Date.
inline bool read_timestamp(napi_env env, napi_value value, std::int64_t& microseconds) {
  bool lossless = false;
  if (napi_get_value_bigint_int64(env, value, &microseconds, &lossless) == napi_ok) return lossless;
  if (!read_date(env, value, microseconds)) return false;
  microseconds *= 1000;
  return true;
}

inline bool read_decimal(napi_env env, napi_value value, const Type& type, StoredInt128& result) {
  char text[64];  // longer than any number that fits, but for zeros in front
  std::size_t length = 0;
  if (napi_get_value_string_utf8(env, value, text, sizeof text, &length) != napi_ok) return false;
  Int128 unscaled = 0;
  if (!parse_decimal({text, length}, type.precision, type.scale, unscaled)) return false;
  result = StoredInt128::of(unscaled);
  return true;
}

/// The memory of a Uint8Array, which a Buffer is too; false for anything else.
inline bool read_bytes(napi_env env, napi_value value, std::string_view& bytes) {
  bool is_array = false;
  check(env, napi_is_typedarray(env, value, &is_array));
  if (!is_array) return false;
  TypedArray array{};
  check(env, napi_get_typedarray_info(env, value, &array.type, &array.length, &array.data, nullptr, nullptr));
  bytes = {static_cast<const char*>(array.data), array.length};
  return array.type == napi_uint8_array;
}

/// Reads a value of a type of fixed width; false when it is something else or out of range.
inline bool read_flat(napi_env env, napi_value value, const Type& type, Slot& slot) {
  switch (type.kind) {
    case Kind::Bool: {
      bool boolean = false;
      if (napi_get_value_bool(env, value, &boolean) != napi_ok) return false;
      slot.boolean = boolean ? 1 : 0;
      return true;
    }
    case Kind::Int8:
      return read_small(env, value, slot.int8);
    case Kind::Int16:
      return read_small(env, value, slot.int16);
    case Kind::Int32:
      return read_small(env, value, slot.int32);
    case Kind::Int64:
      return read_int64(env, value, slot.int64);
    case Kind::UInt8:
      return read_small(env, value, slot.uint8);
    case Kind::UInt16:
      return read_small(env, value, slot.uint16);
    case Kind::UInt32:
      return read_small(env, value, slot.uint32);
    case Kind::UInt64:
      return read_uint64(env, value, slot.uint64);
    case Kind::Float: {
      double number = 0;
      if (napi_get_value_double(env, value, &number) != napi_ok) return false;
      slot.float32 = static_cast<float>(number);
      return true;
    }
    case Kind::Double:
      return napi_get_value_double(env, value, &slot.float64) == napi_ok;
    case Kind::Date: {
      std::int64_t milliseconds = 0;
      if (!read_date(env, value, milliseconds) || milliseconds % day_milliseconds != 0) return false;
      slot.int32 = static_cast<std::int32_t>(milliseconds / day_milliseconds);
      return true;
    }
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return read_timestamp(env, value, slot.int64);
    case Kind::Decimal:
      return read_decimal(env, value, type, slot.decimal);
    case Kind::String:
    case Kind::Bytes:
    case Kind::List:
    case Kind::Struct:
      break;
  }
  return false;
}

/// What a caller in JavaScript gives for a type.
inline std::string expected(const Type& type) {
  switch (type.kind) {
    case Kind::Bytes:
      return "a Uint8Array";
    case Kind::Date:
      return "a Date at midnight UTC";
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return "a bigint of microseconds since 1970, or a Date";
    case Kind::Decimal:
      return "text with " + plain_name(type);
    case Kind::List:
      return "an array";
    case Kind::Struct:
      return "an object";
    default:
      return plain_name(type);
  }
}

/// `value` as text, for the message that refuses it.
inline std::string shown(napi_env env, napi_value value) {
  const std::string kind = kind_of(env, value);
  if (kind != "a number" && kind != "a bigint") return kind;
  return Napi::Value(env, value).ToString().Utf8Value();
}

template <class T>
T value_at(const Output& column, std::int64_t row) {
  return static_cast<const T*>(column.values)[row];
}

/// A value of fixed width that is not null, as JavaScript has it.
inline napi_value make_flat(napi_env env, const Output& column, std::int64_t row) {
  napi_value made = nullptr;
  switch (column.type->kind) {
    case Kind::Bool:
      check(env, napi_get_boolean(env, value_at<std::uint8_t>(column, row) != 0, &made));
      break;
    case Kind::Int8:
      check(env, napi_create_int32(env, value_at<std::int8_t>(column, row), &made));
      break;
    case Kind::Int16:
      check(env, napi_create_int32(env, value_at<std::int16_t>(column, row), &made));
      break;
    case Kind::Int32:
      check(env, napi_create_int32(env, value_at<std::int32_t>(column, row), &made));
      break;
    case Kind::UInt8:
      check(env, napi_create_uint32(env, value_at<std::uint8_t>(column, row), &made));
      break;
    case Kind::UInt16:
      check(env, napi_create_uint32(env, value_at<std::uint16_t>(column, row), &made));
      break;
    case Kind::UInt32:
      check(env, napi_create_uint32(env, value_at<std::uint32_t>(column, row), &made));
      break;
    case Kind::UInt64:
      check(env, napi_create_bigint_uint64(env, value_at<std::uint64_t>(column, row), &made));
      break;
    case Kind::Int64:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      check(env, napi_create_bigint_int64(env, value_at<std::int64_t>(column, row), &made));
      break;
    case Kind::Float:
      check(env, napi_create_double(env, static_cast<double>(value_at<float>(column, row)), &made));
      break;
    case Kind::Double:
      check(env, napi_create_double(env, value_at<double>(column, row), &made));
      break;
    case Kind::Date: {
      const double milliseconds = static_cast<double>(value_at<std::int32_t>(column, row) * day_milliseconds);
      check(env, napi_create_date(env, milliseconds, &made));
      break;
    }
    case Kind::Decimal: {
      const std::string text = decimal_text(value_at<StoredInt128>(column, row).value(), column.type->scale);
      check(env, napi_create_string_utf8(env, text.data(), text.size(), &made));
      break;
    }
    case Kind::String:
    case Kind::Bytes:
    case Kind::List:
    case Kind::Struct:
      break;
  }
  return made;
}

}  // namespace udf::detail::node
