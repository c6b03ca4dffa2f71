#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "messages.h"
#include "one_row.h"
#include "python_time.h"

namespace udf::detail::python {

/// Values that are neither list nor struct, between Python and a row of a column.

inline bool read_int64(PyObject* object, std::int64_t& result) {
  result = PyLong_AsLongLong(object);
  return !(result == -1 && refused());
}

inline bool read_uint64(PyObject* object, std::uint64_t& result) {
  // PyLong_AsUnsignedLongLong takes nothing but int; an index is what PyLong_AsLongLong takes
  PyObject* const index = PyNumber_Index(object);
  if (index == nullptr) return !refused();
  const Reference owned(index);
  result = PyLong_AsUnsignedLongLong(index);
  return !(result == std::numeric_limits<std::uint64_t>::max() && refused());
}

template <class Integer>
bool read_small(PyObject* object, Integer& result) {
  std::int64_t number = 0;
  if (!read_int64(object, number)) return false;
  result = static_cast<Integer>(number);
  return number == static_cast<std::int64_t>(result);
}

inline bool read_double(PyObject* object, double& result) {
  result = PyFloat_AsDouble(object);
  return !(result == -1 && refused());
}

/// A Decimal, or an int.
inline bool read_decimal(PyObject* object, const Type& type, StoredInt128& result) {
  const bool decimal = is_instance(object, StandardTypes::get().decimal);
  PyObject* const whole = decimal ? nullptr : PyNumber_Index(object);
  if (!decimal && whole == nullptr) return !refused();
  const Reference owned(whole);
  const Reference format = text_object(decimal ? "f" : "d");
  const Reference text = checked(PyObject_Format(decimal ? object : whole, format.get()));
  Py_ssize_t size = 0;
  const char* const digits = PyUnicode_AsUTF8AndSize(text.get(), &size);
  if (digits == nullptr) throw PendingException{};
  Int128 unscaled = 0;
  if (!parse_decimal({digits, static_cast<std::size_t>(size)}, type.precision, type.scale, unscaled)) return false;
  result = StoredInt128::of(unscaled);
  return true;
}

/// Reads a value; false when it is something else or out of range. Texts and bytes are borrowed from the object.
inline bool read_plain(PyObject* object, const Type& type, Slot& slot) {
  switch (type.kind) {
    case Kind::Bool:
      slot.boolean = object == &_Py_TrueStruct ? 1 : 0;
      return object == &_Py_TrueStruct || object == &_Py_FalseStruct;
    case Kind::Int8:
      return read_small(object, slot.int8);
    case Kind::Int16:
      return read_small(object, slot.int16);
    case Kind::Int32:
      return read_small(object, slot.int32);
    case Kind::Int64:
      return read_int64(object, slot.int64);
    case Kind::UInt8:
      return read_small(object, slot.uint8);
    case Kind::UInt16:
      return read_small(object, slot.uint16);
    case Kind::UInt32:
      return read_small(object, slot.uint32);
    case Kind::UInt64:
      return read_uint64(object, slot.uint64);
    case Kind::Float: {
      double number = 0;
      if (!read_double(object, number)) return false;
      slot.float32 = static_cast<float>(number);
      return true;
    }
    case Kind::Double:
      return read_double(object, slot.float64);
    case Kind::String: {
      Py_ssize_t size = 0;
      const char* const text = PyUnicode_AsUTF8AndSize(object, &size);
      if (text == nullptr) return !refused();
      slot.text = {text, static_cast<std::size_t>(size)};
      return true;
    }
    case Kind::Bytes: {
      Py_ssize_t size = 0;
      char* bytes = nullptr;
      if (PyBytes_AsStringAndSize(object, &bytes, &size) != 0) return !refused();
      slot.text = {bytes, static_cast<std::size_t>(size)};
      return true;
    }
    case Kind::Date:
      return read_date(object, slot.int32);
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return read_timestamp(object, type.kind == Kind::Timestamp, slot.int64);
    case Kind::Decimal:
      return read_decimal(object, type, slot.decimal);
    case Kind::List:
    case Kind::Struct:
      break;
  }
  return false;
}

/// What a caller in Python gives for a type.
inline std::string expected(const Type& type) {
  switch (type.kind) {
    case Kind::Date:
      return "a datetime.date";
    case Kind::Timestamp:
      return "a datetime.datetime with a time zone";
    case Kind::LocalTimestamp:
      return "a datetime.datetime without a time zone";
    case Kind::Decimal:
      return "a decimal.Decimal: " + plain_name(type);
    case Kind::List:
      return "a list";
    case Kind::Struct:
      return "a tuple of " + std::to_string(type.children.size()) + " fields";
    default:
      return plain_name(type);
  }
}

template <class T>
T value_at(const Output& column, std::int64_t row) {
  return static_cast<const T*>(column.values)[row];
}

/// A value of fixed width that is not null.
inline Reference make_flat(const Output& column, std::int64_t row) {
  switch (column.type->kind) {
    case Kind::Bool:
      return checked(PyBool_FromLong(value_at<std::uint8_t>(column, row)));
    case Kind::Int8:
      return checked(PyLong_FromLongLong(value_at<std::int8_t>(column, row)));
    case Kind::Int16:
      return checked(PyLong_FromLongLong(value_at<std::int16_t>(column, row)));
    case Kind::Int32:
      return checked(PyLong_FromLongLong(value_at<std::int32_t>(column, row)));
    case Kind::Int64:
      return checked(PyLong_FromLongLong(value_at<std::int64_t>(column, row)));
    case Kind::UInt8:
      return checked(PyLong_FromLongLong(value_at<std::uint8_t>(column, row)));
    case Kind::UInt16:
      return checked(PyLong_FromLongLong(value_at<std::uint16_t>(column, row)));
    case Kind::UInt32:
      return checked(PyLong_FromLongLong(value_at<std::uint32_t>(column, row)));
    case Kind::UInt64:
      return checked(PyLong_FromUnsignedLongLong(value_at<std::uint64_t>(column, row)));
    case Kind::Float:
      return checked(PyFloat_FromDouble(static_cast<double>(value_at<float>(column, row))));
    case Kind::Double:
      return checked(PyFloat_FromDouble(value_at<double>(column, row)));
    case Kind::Date:
      return make_date(value_at<std::int32_t>(column, row));
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return make_timestamp(value_at<std::int64_t>(column, row), column.type->kind == Kind::Timestamp);
    case Kind::Decimal: {
      const Reference text = text_object(decimal_text(value_at<StoredInt128>(column, row).value(), column.type->scale));
      return checked(PyObject_CallFunctionObjArgs(StandardTypes::get().decimal, text.get(), nullptr));
    }
    case Kind::String:
    case Kind::Bytes:
    case Kind::List:
    case Kind::Struct:
      break;
  }
  return none();
}

}  // namespace udf::detail::python
