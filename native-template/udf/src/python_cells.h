#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "python_value.h"
#include "udf/owned_column.h"
#include "value_path.h"

namespace udf::detail::python {

/// Reads Python objects of any type into a column of an Arena, as whole rows of it.
class CellReader {
 public:
  explicit CellReader(const Place& place) : place_(place) {}

  /// Writes a value, or None, into row `row`. Throws UsageError, PendingException.
  void read(PyObject* object, const Output& column, std::int64_t row, const ValuePath& path = whole_value) const {
    if (object == &_Py_NoneStruct) return;
    if (!read_present(object, column, row, path)) refuse(object, expected(*column.type), path);
    set_valid(column.validity, row);
  }

 private:
  bool read_present(PyObject* object, const Output& column, std::int64_t row, const ValuePath& path) const {
    const Type& type = *column.type;
    if (type.kind == Kind::List) return read_list(object, *column.list, row, path);
    if (type.kind == Kind::Struct) return read_struct(object, column, row, path);
    Slot slot;
    if (!read_plain(object, type, slot)) return false;
    if (column.text != nullptr) {
      column.text->write(row, slot.text);
    } else {
      const std::size_t width = width_of(type.kind);
      std::memcpy(static_cast<char*>(column.values) + static_cast<std::size_t>(row) * width, &slot, width);
    }
    return true;
  }

  /// A sequence that is no text.
  static bool is_list(PyObject* object) {
    Py_ssize_t size = 0;
    char* bytes = nullptr;
    if (PySequence_Check(object) == 0) return false;
    if (PyUnicode_AsUTF8AndSize(object, &size) != nullptr) return false;
    PyErr_Clear();
    if (PyBytes_AsStringAndSize(object, &bytes, &size) == 0) return false;
    PyErr_Clear();
    return true;
  }

  bool read_list(PyObject* object, ListOutput& output, std::int64_t row, const ValuePath& path) const {
    if (!is_list(object)) return false;
    const Py_ssize_t count = PySequence_Size(object);
    if (count < 0) throw PendingException{};
    const std::int64_t first = output.add(row, static_cast<std::size_t>(count));
    for (Py_ssize_t index = 0; index < count; ++index) {
      const Reference element = checked(PySequence_GetItem(object, index));
      read(element.get(), output.output(), first + index, path.element(index));
    }
    return true;
  }

  bool read_struct(PyObject* object, const Output& column, std::int64_t row, const ValuePath& path) const {
    const auto& fields = column.type->children;
    if (!is_list(object) || PySequence_Size(object) != static_cast<Py_ssize_t>(fields.size())) {
      return false;
    }
    for (std::size_t index = 0; index < fields.size(); ++index) {
      const Reference field = checked(PySequence_GetItem(object, static_cast<Py_ssize_t>(index)));
      read(field.get(), column.children[index], row, path.member(fields[index].name));
    }
    return true;
  }

  [[noreturn, gnu::cold]] void refuse(PyObject* object, const std::string& wanted, const ValuePath& path) const {
    throw UsageError({place_.text(), path.text(), " must be ", wanted, ", not ", kind_of(object)});
  }

  Place place_;
};

Reference make_cell(const Output& column, std::int64_t row);

inline Reference make_list(const ListOutput& list, std::int64_t row) {
  const auto first = list.offsets()[static_cast<std::size_t>(row)];
  const auto count = list.offsets()[static_cast<std::size_t>(row) + 1] - first;
  Reference made = checked(PyList_New(count));
  for (std::int32_t index = 0; index < count; ++index) {
    Reference element = make_cell(list.output(), first + index);
    if (PyList_SetItem(made.get(), index, element.release()) != 0) throw PendingException{};
  }
  return made;
}

inline Reference make_struct(const Output& column, std::int64_t row) {
  const auto count = static_cast<Py_ssize_t>(column.type->children.size());
  Reference tuple = checked(PyTuple_New(count));
  for (Py_ssize_t index = 0; index < count; ++index) {
    Reference value = make_cell(column.children[index], row);
    if (PyTuple_SetItem(tuple.get(), index, value.release()) != 0) throw PendingException{};
  }
  return tuple;
}

/// Row `row` of a finished column as a Python object; a struct is a tuple.
inline Reference make_cell(const Output& column, std::int64_t row) {
  if (!is_valid(column.validity, row)) return none();
  if (column.type->kind == Kind::List) return make_list(*column.list, row);
  if (column.type->kind == Kind::Struct) return make_struct(column, row);
  if (column.text == nullptr) return make_flat(column, row);
  const auto at = static_cast<std::size_t>(row);
  const auto& offsets = column.text->offsets();
  const std::string_view text(column.text->bytes().data() + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at]));
  if (column.type->kind == Kind::String) return text_object(text);
  return checked(PyBytes_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

}  // namespace udf::detail::python
