#pragma once

#include <cstdint>

#include "messages.h"
#include "node_cells.h"
#include "one_row.h"

namespace udf::detail::node {

inline bool read_plain(napi_env env, napi_value value, const Type& type, Slot& slot, Texts& texts) {
  if (type.kind == Kind::String) return texts.read(env, value, slot.text);
  if (type.kind == Kind::Bytes) return read_bytes(env, value, slot.text);
  return read_flat(env, value, type, slot);
}

inline void read_argument(napi_env env, napi_value value, OneRow& row, const Function& function, std::size_t index,
                          Texts& texts) {
  const Type& type = function.arguments[index].type;
  const bool nested = is_nested(type.kind);
  if (!nested && read_plain(env, value, type, row.argument(index), texts)) return;
  napi_valuetype kind = napi_undefined;
  check(env, napi_typeof(env, value, &kind));
  if (nested) {
    const Output& column = row.nested_argument(index);
    if (kind != napi_null) return CellReader(env, Place::argument(function, index)).read(value, column, 0);
  }
  if (kind == napi_null) return row.set_null(index);
  throw UsageError({Place::argument(function, index).text(), " must be ", expected(type), ", not ", shown(env, value)});
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
  OneRow row(function, count - 1);
  Texts texts;
  for (std::size_t at = 0; at + 1 < count; ++at) read_argument(env, values[at + 1], row, function, at, texts);
  return row.compute() ? make_cell(env, row.result(), 0) : null_value(env);
}

}  // namespace udf::detail::node
