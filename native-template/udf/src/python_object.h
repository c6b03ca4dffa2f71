#pragma once

#include <string>
#include <string_view>

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

inline Reference none() {
  Py_IncRef(&_Py_NoneStruct);
  return Reference(&_Py_NoneStruct);
}

inline Reference attribute(PyObject* object, const char* name) { return checked(PyObject_GetAttrString(object, name)); }

}  // namespace udf::detail::python
