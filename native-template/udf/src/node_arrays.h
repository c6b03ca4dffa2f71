#pragma once

#include <cstdint>
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

inline std::string array_name(napi_typedarray_type type) {
  switch (type) {
    case napi_uint8_array:
      return "Uint8Array";
    case napi_int32_array:
      return "Int32Array";
    case napi_bigint64_array:
      return "BigInt64Array";
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

constexpr napi_typedarray_type array_type(Type type) {
  switch (type) {
    case Type::Int32:
      return napi_int32_array;
    case Type::Int64:
      return napi_bigint64_array;
    case Type::Float:
      return napi_float32_array;
    case Type::Double:
      return napi_float64_array;
    case Type::Bool:
    case Type::String:
      break;
  }
  return napi_uint8_array;
}

}  // namespace udf::detail::node
