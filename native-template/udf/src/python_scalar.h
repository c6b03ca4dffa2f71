#pragma once

#include <cstdint>

#include "messages.h"
#include "one_row.h"
#include "python_cells.h"

namespace udf::detail::python {

inline void read_argument(PyObject* object, OneRow& row, const Function& function, std::size_t index) {
  const Type& type = function.arguments[index].type;
  if (is_nested(type.kind)) {
    const Output& column = row.nested_argument(index);
    if (object == &_Py_NoneStruct) return row.set_null(index);
    return CellReader(Place::argument(function, index)).read(object, column, 0);
  }
  if (object == &_Py_NoneStruct) return row.set_null(index);
  if (read_plain(object, type, row.argument(index))) return;
  throw UsageError({Place::argument(function, index).text(), " must be ", expected(type), ", not ", kind_of(object)});
}

/// The function that the first argument names by its index.
inline const Function& function_at(PyObject* const* arguments, Py_ssize_t count) {
  std::int64_t index = -1;
  if (count < 1 || !read_int64(arguments[0], index)) index = -1;
  return Registry::get().function(index);
}

/// `call(index, *arguments)`: one row.
inline Reference call(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  const Function& function = function_at(arguments, count);
  check_count(function, static_cast<std::size_t>(count - 1));
  const auto given = static_cast<std::size_t>(count - 1);
  OneRow row(function, given);
  for (std::size_t index = 0; index < given; ++index) read_argument(arguments[index + 1], row, function, index);
  return row.compute() ? make_cell(row.result(), 0) : none();
}

}  // namespace udf::detail::python
