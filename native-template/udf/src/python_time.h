#pragma once

#include <cstdint>

#include "python_object.h"

namespace udf::detail::python {

/// What the door uses of Python's datetime and decimal, which are no part of the stable ABI. Made at the first use; kept
/// until the process ends.
class StandardTypes {
 public:
  static const StandardTypes& get() {
    static const auto* const types = new StandardTypes;
    return *types;
  }

  PyObject* date;
  PyObject* datetime;
  PyObject* timedelta;
  PyObject* decimal;
  /// 1970-01-01 00:00, in UTC and without a zone.
  PyObject* epoch_utc;
  PyObject* epoch_local;
  PyObject* zero;

 private:
  StandardTypes() {
    const Reference times = checked(PyImport_ImportModule("datetime"));
    const Reference decimals = checked(PyImport_ImportModule("decimal"));
    date = attribute(times.get(), "date").release();
    datetime = attribute(times.get(), "datetime").release();
    timedelta = attribute(times.get(), "timedelta").release();
    decimal = attribute(decimals.get(), "Decimal").release();
    zero = checked(PyLong_FromLongLong(0)).release();
    const Reference zone = attribute(times.get(), "timezone");
    const Reference utc = attribute(zone.get(), "utc");
    const Reference year = checked(PyLong_FromLongLong(1970));
    const Reference one = checked(PyLong_FromLongLong(1));
    epoch_local = checked(PyObject_CallFunctionObjArgs(datetime, year.get(), one.get(), one.get(), nullptr)).release();
    epoch_utc = checked(PyObject_CallFunctionObjArgs(datetime, year.get(), one.get(), one.get(), zero, zero, zero, zero,
                                                     utc.get(), nullptr))
                    .release();
  }
};

inline bool is_instance(PyObject* object, PyObject* type) {
  const int is = PyObject_IsInstance(object, type);
  if (is < 0) throw PendingException{};
  return is == 1;
}

inline std::int64_t integer_attribute(PyObject* object, const char* name) {
  const Reference value = attribute(object, name);
  return PyLong_AsLongLong(value.get());
}

/// 1970-01-01 as `date.toordinal` counts.
inline constexpr std::int64_t epoch_ordinal = 719163;

/// A date, which a datetime is not here.
inline bool read_date(PyObject* object, std::int32_t& days) {
  const StandardTypes& types = StandardTypes::get();
  if (!is_instance(object, types.date) || is_instance(object, types.datetime)) return false;
  const Reference ordinal = checked(PyObject_CallNoArgs(attribute(object, "toordinal").get()));
  days = static_cast<std::int32_t>(PyLong_AsLongLong(ordinal.get()) - epoch_ordinal);
  return true;
}

/// A datetime with a time zone, or one without.
inline bool read_timestamp(PyObject* object, bool with_zone, std::int64_t& microseconds) {
  const StandardTypes& types = StandardTypes::get();
  if (!is_instance(object, types.datetime)) return false;
  // Python subtracts only a time with a zone from one with a zone, and one without from one without
  PyObject* const since = PyNumber_Subtract(object, with_zone ? types.epoch_utc : types.epoch_local);
  if (since == nullptr) return !refused();
  const Reference delta(since);
  constexpr std::int64_t second = 1'000'000;
  const std::int64_t seconds = integer_attribute(since, "days") * 86400 + integer_attribute(since, "seconds");
  microseconds = seconds * second + integer_attribute(since, "microseconds");
  return true;
}

/// Throws PendingException (OverflowError) for a year that Python has not: before 1 or after 9999.
inline Reference make_date(std::int32_t days) {
  const Reference ordinal = checked(PyLong_FromLongLong(days + epoch_ordinal));
  const Reference from = attribute(StandardTypes::get().date, "fromordinal");
  return checked(PyObject_CallFunctionObjArgs(from.get(), ordinal.get(), nullptr));
}

inline Reference make_timestamp(std::int64_t microseconds, bool with_zone) {
  const StandardTypes& types = StandardTypes::get();
  const Reference count = checked(PyLong_FromLongLong(microseconds));
  const Reference delta = checked(PyObject_CallFunctionObjArgs(types.timedelta, types.zero, types.zero, count.get(), nullptr));
  return checked(PyNumber_Add(with_zone ? types.epoch_utc : types.epoch_local, delta.get()));
}

}  // namespace udf::detail::python
