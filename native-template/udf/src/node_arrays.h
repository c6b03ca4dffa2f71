#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "messages.h"
#include "node_host.h"

namespace udf::detail::node {

/// The memory of a typed array, owned by JavaScript.
struct TypedArray {
  napi_typedarray_type type;
  std::size_t length;
  void* data;
};

inline bool is_nullish(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  check(env, napi_typeof(env, value, &type));
  return type == napi_null || type == napi_undefined;
}

inline bool is_object(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  check(env, napi_typeof(env, value, &type));
  return type == napi_object;
}

/// A property of an object. Throws UsageError when `object` is none.
inline napi_value property(napi_env env, napi_value object, const char* name, const Place& place) {
  if (!is_object(env, object)) throw UsageError({place.text(), " must be an object, not ", kind_of(env, object)});
  napi_value value = nullptr;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

/// An element of an array. Throws UsageError when `array` is none.
inline napi_value element(napi_env env, napi_value array, std::size_t index, const Place& place) {
  bool is_array = false;
  check(env, napi_is_array(env, array, &is_array));
  if (!is_array) throw UsageError({place.text(), " must be in an array, not in ", kind_of(env, array)});
  napi_value value = nullptr;
  check(env, napi_get_element(env, array, static_cast<std::uint32_t>(index), &value));
  return value;
}

inline std::string array_name(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
      return "Int8Array";
    case napi_uint8_array:
      return "Uint8Array";
    case napi_int16_array:
      return "Int16Array";
    case napi_uint16_array:
      return "Uint16Array";
    case napi_int32_array:
      return "Int32Array";
    case napi_uint32_array:
      return "Uint32Array";
    case napi_bigint64_array:
      return "BigInt64Array";
    case napi_biguint64_array:
      return "BigUint64Array";
    case napi_float32_array:
      return "Float32Array";
    case napi_float64_array:
      return "Float64Array";
    default:
      return "typed array of another type";
  }
}

[[noreturn, gnu::cold]] inline void too_short(const Place& place, std::size_t length, std::int64_t least) {
  throw UsageError({place.text(), " has ", std::to_string(length), " elements, and ", std::to_string(least), " are needed"});
}

/// A typed array of `type` with at least `least` elements. Throws UsageError.
inline TypedArray typed_array(napi_env env, napi_value value, napi_typedarray_type type, std::int64_t least,
                              const Place& place) {
  TypedArray array{};
  bool is_array = false;
  check(env, napi_is_typedarray(env, value, &is_array));
  if (is_array) {
    check(env, napi_get_typedarray_info(env, value, &array.type, &array.length, &array.data, nullptr, nullptr));
  }
  if (!is_array || array.type != type) {
    throw UsageError({place.text(), " must be a ", array_name(type), ", not ", is_array ? "a " : "",
                      is_array ? array_name(array.type) : kind_of(env, value)});
  }
  if (array.length < static_cast<std::size_t>(least)) {
    too_short(place, array.length, least);
  }
  return array;
}

/// The typed array that holds a column of a kind. A decimal takes two elements, the lower half first.
constexpr napi_typedarray_type array_type(Kind kind) {
  switch (kind) {
    case Kind::Int8:
      return napi_int8_array;
    case Kind::Int16:
      return napi_int16_array;
    case Kind::Int32:
    case Kind::Date:
      return napi_int32_array;
    case Kind::Int64:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
    case Kind::Decimal:
      return napi_bigint64_array;
    case Kind::UInt16:
      return napi_uint16_array;
    case Kind::UInt32:
      return napi_uint32_array;
    case Kind::UInt64:
      return napi_biguint64_array;
    case Kind::Float:
      return napi_float32_array;
    case Kind::Double:
      return napi_float64_array;
    case Kind::Bool:
    case Kind::UInt8:
    case Kind::String:
    case Kind::Bytes:
    case Kind::List:
    case Kind::Struct:
      break;
  }
  return napi_uint8_array;
}

/// Elements of the typed array for so many rows.
constexpr std::int64_t array_length(Kind kind, std::int64_t rows) { return kind == Kind::Decimal ? 2 * rows : rows; }

/// A typed array of its own memory with a copy of these values.
inline napi_value make_typed_array(napi_env env, napi_typedarray_type type, const void* values, std::size_t length,
                                   std::size_t width) {
  void* memory = nullptr;
  napi_value buffer = nullptr;
  napi_value array = nullptr;
  check(env, napi_create_arraybuffer(env, length * width, &memory, &buffer));
  if (length > 0) std::memcpy(memory, values, length * width);
  check(env, napi_create_typedarray(env, type, length, buffer, 0, &array));
  return array;
}

}  // namespace udf::detail::node
