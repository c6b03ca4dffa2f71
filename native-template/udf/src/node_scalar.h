#pragma once

#include <cmath>
#include <cstdint>
#include <forward_list>
#include <limits>
#include <string>

#include "messages.h"
#include "node_host.h"
#include "one_row.h"

namespace udf::detail::node {

/// Keeps the UTF-8 bytes of JavaScript strings for one call; short ones on the stack.
class Texts {
 public:
  /// Throws nothing that is not a failure of Node; false when `value` is no string.
  bool read(napi_env env, napi_value value, std::string_view& text) {
    char* const room = buffer_ + used_;
    const std::size_t left = sizeof buffer_ - used_;
    std::size_t length = 0;
    if (napi_get_value_string_utf8(env, value, room, left, &length) != napi_ok) return false;
    // a character takes up to 4 bytes, so a cut text ends up to 3 bytes before the end
    if (length + 4 < left) {
      used_ += length;
      text = {room, length};
      return true;
    }
    check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
    std::string& own = long_.emplace_front(length, '\0');
    check(env, napi_get_value_string_utf8(env, value, own.data(), length + 1, &length));
    text = own;
    return true;
  }

 private:
  char buffer_[512];
  std::size_t used_ = 0;
  std::forward_list<std::string> long_;
};

/// True when `number` is a whole number of type Integer.
template <class Integer>
bool whole(double number, Integer& result, double smallest, double largest) {
  if (!(number >= smallest && number <= largest) || std::trunc(number) != number) return false;
  result = static_cast<Integer>(number);
  return true;
}

/// Reads a bigint of 64 bits, or a number that is a safe integer.
inline bool read_int64(napi_env env, napi_value value, std::int64_t& result) {
  constexpr double safe = 9007199254740991.0;
  double number = 0;
  if (napi_get_value_double(env, value, &number) == napi_ok) return whole(number, result, -safe, safe);
  bool lossless = false;
  return napi_get_value_bigint_int64(env, value, &result, &lossless) == napi_ok && lossless;
}

/// Reads a value of `type`; false when it is something else or out of range.
inline bool read_value(napi_env env, napi_value value, Type type, Slot& slot, Texts& texts) {
  double number = 0;
  switch (type) {
    case Type::Bool: {
      bool boolean = false;
      if (napi_get_value_bool(env, value, &boolean) != napi_ok) return false;
      slot.boolean = boolean ? 1 : 0;
      return true;
    }
    case Type::Int32:
      return napi_get_value_double(env, value, &number) == napi_ok &&
             whole(number, slot.int32, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    case Type::Int64:
      return read_int64(env, value, slot.int64);
    case Type::Float:
      if (napi_get_value_double(env, value, &number) != napi_ok) return false;
      slot.float32 = static_cast<float>(number);
      return true;
    case Type::Double:
      return napi_get_value_double(env, value, &slot.float64) == napi_ok;
    case Type::String:
      return texts.read(env, value, slot.text);
  }
  return false;
}

/// `value` as text, for the message that refuses it.
inline std::string shown(napi_env env, napi_value value) {
  const std::string kind = kind_of(env, value);
  if (kind != "a number" && kind != "a bigint") return kind;
  return Napi::Value(env, value).ToString().Utf8Value();
}

inline void read_argument(napi_env env, napi_value value, OneRow& row, const Function& function, std::size_t index,
                          Texts& texts) {
  const Type type = function.arguments[index].type;
  if (read_value(env, value, type, row.argument(index), texts)) return;
  napi_valuetype kind = napi_undefined;
  check(env, napi_typeof(env, value, &kind));
  if (kind == napi_null) return row.set_null(index);
  throw UsageError({Place::argument(function, index).text(), " must be ", plain_name(type), ", not ", shown(env, value)});
}

inline napi_value make_value(napi_env env, const OneRow& row, std::size_t leaf, Type type) {
  napi_value made = nullptr;
  const Slot& slot = row.result(leaf);
  switch (type) {
    case Type::Bool:
      check(env, napi_get_boolean(env, slot.boolean != 0, &made));
      break;
    case Type::Int32:
      check(env, napi_create_int32(env, slot.int32, &made));
      break;
    case Type::Int64:
      check(env, napi_create_bigint_int64(env, slot.int64, &made));
      break;
    case Type::Float:
      check(env, napi_create_double(env, static_cast<double>(slot.float32), &made));
      break;
    case Type::Double:
      check(env, napi_create_double(env, slot.float64, &made));
      break;
    case Type::String: {
      const std::string_view text = row.text(leaf);
      check(env, napi_create_string_utf8(env, text.data(), text.size(), &made));
      break;
    }
  }
  return made;
}

inline napi_value null_value(napi_env env) {
  napi_value made = nullptr;
  check(env, napi_get_null(env, &made));
  return made;
}

inline napi_value make_result(napi_env env, const OneRow& row, const Function& function) {
  if (function.struct_name.empty()) return make_value(env, row, 0, function.leaves[0].type);
  napi_value object = nullptr;
  check(env, napi_create_object(env, &object));
  for (std::size_t leaf = 0; leaf < function.leaves.size(); ++leaf) {
    const Field& field = function.leaves[leaf];
    const napi_value value = row.is_null(leaf) ? null_value(env) : make_value(env, row, leaf, field.type);
    check(env, napi_set_named_property(env, object, field.name.c_str(), value));
  }
  return object;
}

/// `call(index, ...arguments)`: one row.
inline napi_value call(napi_env env, napi_callback_info info) {
  napi_value values[OneRow::most_arguments + 1];
  std::size_t count = OneRow::most_arguments + 1;
  check(env, napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
  std::int64_t index = -1;
  if (count > 0) read_int64(env, values[0], index);
  const Function& function = Registry::get().function(index);
  check_count(function, count - 1);
  OneRow row(function);
  Texts texts;
  for (std::size_t at = 0; at < function.arguments.size(); ++at) {
    read_argument(env, values[at + 1], row, function, at, texts);
  }
  return row.compute() ? make_result(env, row, function) : null_value(env);
}

}  // namespace udf::detail::node
