#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "messages.h"
#include "one_row.h"
#include "python_host.h"

namespace udf::detail::python {

inline Reference text_object(std::string_view text) {
  return checked(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

/// The name of an object's type, for messages.
inline std::string kind_of(PyObject* object) {
  const Reference type = checked(PyObject_Type(object));
  const Reference name = checked(PyObject_GetAttrString(type.get(), "__name__"));
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(name.get(), &size);
  if (text == nullptr) throw PendingException{};
  return {text, static_cast<std::size_t>(size)};
}

/// True when the pending exception only says that a value has another type or is out of range; then it is cleared.
inline bool refused() {
  if (PyErr_Occurred() == nullptr) return false;
  if (PyErr_ExceptionMatches(PyExc_TypeError) == 0 && PyErr_ExceptionMatches(PyExc_OverflowError) == 0 &&
      PyErr_ExceptionMatches(PyExc_ValueError) == 0) {
    throw PendingException{};
  }
  PyErr_Clear();
  return true;
}

/// Reads a value of `type`; false when it is something else or out of range. Texts are borrowed from the object.
inline bool read_value(PyObject* object, Type type, Slot& slot) {
  switch (type) {
    case Type::Bool:
      slot.boolean = object == &_Py_TrueStruct ? 1 : 0;
      return object == &_Py_TrueStruct || object == &_Py_FalseStruct;
    case Type::Int32: {
      const long long number = PyLong_AsLongLong(object);
      slot.int32 = static_cast<std::int32_t>(number);
      return number == slot.int32 && !(number == -1 && refused());
    }
    case Type::Int64:
      slot.int64 = PyLong_AsLongLong(object);
      return !(slot.int64 == -1 && refused());
    case Type::Float:
    case Type::Double: {
      const double number = PyFloat_AsDouble(object);
      if (number == -1 && refused()) return false;
      if (type == Type::Float) {
        slot.float32 = static_cast<float>(number);
      } else {
        slot.float64 = number;
      }
      return true;
    }
    case Type::String: {
      Py_ssize_t size = 0;
      const char* const text = PyUnicode_AsUTF8AndSize(object, &size);
      if (text == nullptr) return !refused();
      slot.text = {text, static_cast<std::size_t>(size)};
      return true;
    }
  }
  return false;
}

inline void read_argument(PyObject* object, OneRow& row, const Function& function, std::size_t index) {
  if (object == &_Py_NoneStruct) return row.set_null(index);
  const Type type = function.arguments[index].type;
  if (read_value(object, type, row.argument(index))) return;
  throw UsageError({Place::argument(function, index).text(), " must be ", plain_name(type), ", not ", kind_of(object)});
}

inline Reference none() {
  Py_IncRef(&_Py_NoneStruct);
  return Reference(&_Py_NoneStruct);
}

inline Reference make_value(const OneRow& row, std::size_t leaf, Type type) {
  if (row.is_null(leaf)) return none();
  const Slot& slot = row.result(leaf);
  switch (type) {
    case Type::Bool:
      return checked(PyBool_FromLong(slot.boolean));
    case Type::Int32:
      return checked(PyLong_FromLongLong(slot.int32));
    case Type::Int64:
      return checked(PyLong_FromLongLong(slot.int64));
    case Type::Float:
      return checked(PyFloat_FromDouble(static_cast<double>(slot.float32)));
    case Type::Double:
      return checked(PyFloat_FromDouble(slot.float64));
    case Type::String:
      break;
  }
  return text_object(row.text(leaf));
}

inline Reference make_result(const OneRow& row, const Function& function) {
  if (function.struct_name.empty()) return make_value(row, 0, function.leaves[0].type);
  Reference tuple = checked(PyTuple_New(static_cast<Py_ssize_t>(function.leaves.size())));
  for (std::size_t leaf = 0; leaf < function.leaves.size(); ++leaf) {
    Reference value = make_value(row, leaf, function.leaves[leaf].type);
    if (PyTuple_SetItem(tuple.get(), static_cast<Py_ssize_t>(leaf), value.release()) != 0) throw PendingException{};
  }
  return tuple;
}

/// The function that the first argument names by its index.
inline const Function& function_at(PyObject* const* arguments, Py_ssize_t count) {
  Slot index;
  if (count < 1 || !read_value(arguments[0], Type::Int64, index)) index.int64 = -1;
  return Registry::get().function(index.int64);
}

/// `call(index, *arguments)`: one row.
inline Reference call(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  const Function& function = function_at(arguments, count);
  check_count(function, static_cast<std::size_t>(count - 1));
  OneRow row(function);
  for (std::size_t index = 0; index < function.arguments.size(); ++index) {
    read_argument(arguments[index + 1], row, function, index);
  }
  return row.compute() ? make_result(row, function) : none();
}

}  // namespace udf::detail::python
