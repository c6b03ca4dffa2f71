#pragma once

#include <cstdint>

#include "defaults.h"
#include "messages.h"
#include "node_input.h"
#include "node_output.h"
#include "node_scalar.h"
#include "one_row.h"

namespace udf::detail::node {

/// `columns(index, rows, inputs, output)`: the number of null rows.
inline napi_value columns(napi_env env, napi_callback_info info) {
  napi_value values[4];
  std::size_t count = 4;
  check(env, napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
  if (count < 4) throw UsageError({"columns() takes an index, a number of rows, inputs and an output"});
  std::int64_t index = -1;
  std::int64_t rows = -1;
  read_int64(env, values[0], index);
  const Function& function = Registry::get().function(index);
  if (!read_int64(env, values[1], rows) || rows < 0 || rows > 0x7fffffff) {
    throw UsageError({function.name, "(): rows must be from 0 to 2147483647, not ", shown(env, values[1])});
  }
  bool is_array = false;
  check(env, napi_is_array(env, values[2], &is_array));
  if (!is_array) throw UsageError({function.name, "(): inputs must be an array, not ", kind_of(env, values[2])});
  std::uint32_t given = 0;
  check(env, napi_get_array_length(env, values[2], &given));
  check_count(function, given);
  Arena arena;
  InputColumns reader(env, arena);
  Input inputs[OneRow::most_arguments];
  for (std::uint32_t at = 0; at < given; ++at) {
    napi_value column = nullptr;
    check(env, napi_get_element(env, values[2], at, &column));
    inputs[at] = reader.read(column, function.arguments[at], rows, Place::argument(function, at));
  }
  for (std::size_t at = given; at < function.arguments.size(); ++at) {
    inputs[at] = column_of_default(*function.default_of(at), function.arguments[at].type, rows, arena);
  }
  OutputColumns writer(env, function, rows, values[3]);
  const std::int64_t nulls = run(function, inputs, writer.get(), rows);
  writer.finish();
  napi_value result = nullptr;
  check(env, napi_create_int64(env, nulls, &result));
  return result;
}

}  // namespace udf::detail::node
