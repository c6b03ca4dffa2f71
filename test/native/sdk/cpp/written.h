#pragma once

#include <memory>
#include <vector>

#include "compute.h"
#include "shown.h"

/* Functions registered by a test, computed over Arrow arrays, and their results as text. */

using namespace udf::literals;

/// What a test registers, in its order.
template <class Register>
std::vector<std::unique_ptr<udf::detail::Function>> registered(const Register& add) {
  udf::Module module;
  add(module);
  return module.take();
}

/// The result's rows as text, or the row's error.
template <class T>
std::string computed_from(const udf::detail::Function& function, std::int64_t* row, std::vector<laid::Array>& arguments) {
  using namespace udf::detail;
  Arena arena;
  std::vector<Input> inputs;
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    const Type& type = function.arguments[index].type;
    const Place place = Place::argument(function, index);
    const Input column = import_arrow(arguments[index].arrow(), type, place, arena, text_form(function));
    inputs.push_back(move_nulls_outward(column, type, arena));
  }
  const std::int64_t rows = inputs[0].rows;
  OwnedColumn result(function.result.type, {true, true, Masks::Declared}, rows);
  try {
    function.kernel(nullptr, inputs.data(), result.output(), rows, row);
  } catch (const RowError& error) {
    return "row " + std::to_string(error.row()) + ": " + error.what();
  }
  return shown_rows<std::optional<T>>(as_input(result.output(), rows, arena));
}

template <class T, class... Arrays>
std::string computed_watched(const udf::detail::Function& function, std::int64_t& row, Arrays... arrays) {
  std::vector<laid::Array> arguments;
  (arguments.push_back(std::move(arrays)), ...);
  return computed_from<T>(function, &row, arguments);
}

template <class T, class... Arrays>
std::string computed(const udf::detail::Function& function, Arrays... arrays) {
  std::vector<laid::Array> arguments;
  (arguments.push_back(std::move(arrays)), ...);
  return computed_from<T>(function, nullptr, arguments);
}
