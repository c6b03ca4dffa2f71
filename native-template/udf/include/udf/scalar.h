#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "udf/decimal.h"
#include "udf/types.h"

namespace udf::detail {

/// How a C++ type that is one value is kept in a column: `Storage` is what the column holds for each row.
/// Booleans are bytes (0 is false), texts and bytes are views that somebody else owns for the time of the call.
template <class T>
struct Scalar {
  static constexpr bool supported = false;
};

template <class T, Kind kind_of_T, class StorageOfT = T>
struct SupportedScalar {
  static constexpr bool supported = true;
  static constexpr Kind kind = kind_of_T;
  /// Reading or writing one may allocate.
  static constexpr bool can_throw = false;
  using Storage = StorageOfT;
  static constexpr T read(const Storage& stored) { return static_cast<T>(stored); }
  static constexpr Storage write(const T& value) { return static_cast<Storage>(value); }
  static Type type() { return Type(kind_of_T); }
};

template <>
struct Scalar<bool> : SupportedScalar<bool, Kind::Bool, std::uint8_t> {
  static constexpr bool read(std::uint8_t stored) { return stored != 0; }
};
template <>
struct Scalar<std::int8_t> : SupportedScalar<std::int8_t, Kind::Int8> {};
template <>
struct Scalar<std::int16_t> : SupportedScalar<std::int16_t, Kind::Int16> {};
template <>
struct Scalar<std::int32_t> : SupportedScalar<std::int32_t, Kind::Int32> {};
template <>
struct Scalar<long> : SupportedScalar<long, Kind::Int64, std::int64_t> {};
template <>
struct Scalar<long long> : SupportedScalar<long long, Kind::Int64, std::int64_t> {};
template <>
struct Scalar<std::uint8_t> : SupportedScalar<std::uint8_t, Kind::UInt8> {};
template <>
struct Scalar<std::uint16_t> : SupportedScalar<std::uint16_t, Kind::UInt16> {};
template <>
struct Scalar<std::uint32_t> : SupportedScalar<std::uint32_t, Kind::UInt32> {};
template <>
struct Scalar<unsigned long> : SupportedScalar<unsigned long, Kind::UInt64, std::uint64_t> {};
template <>
struct Scalar<unsigned long long> : SupportedScalar<unsigned long long, Kind::UInt64, std::uint64_t> {};
template <>
struct Scalar<float> : SupportedScalar<float, Kind::Float> {};
template <>
struct Scalar<double> : SupportedScalar<double, Kind::Double> {};

template <>
struct Scalar<std::string_view> : SupportedScalar<std::string_view, Kind::String> {};
template <>
struct Scalar<std::string> : SupportedScalar<std::string, Kind::String, std::string_view> {
  static constexpr bool can_throw = true;
};

template <class T>
struct BytesScalar : SupportedScalar<T, Kind::Bytes, std::string_view> {
  static T read(std::string_view stored) {
    const auto* const first = reinterpret_cast<const std::byte*>(stored.data());
    return T(first, first + stored.size());
  }
  static std::string_view write(const T& value) { return {reinterpret_cast<const char*>(value.data()), value.size()}; }
};
template <>
struct Scalar<std::span<const std::byte>> : BytesScalar<std::span<const std::byte>> {};
template <>
struct Scalar<std::vector<std::byte>> : BytesScalar<std::vector<std::byte>> {
  static constexpr bool can_throw = true;
};

// Dates and times are recognized by their parts: <chrono> doubles the time that a source without them takes.

template <class T, std::intmax_t seconds, std::intmax_t per_second>
concept CountsTime = requires(const T& time) {
  time.time_since_epoch().count();
  requires T::period::num == seconds && T::period::den == per_second;
};
template <class T>
concept OnSystemClock = requires { &T::clock::to_time_t; };
/// Only `std::chrono::local_t` is a clock without anything in it.
template <class T>
concept WithoutZone = requires {
  typename T::clock;
  requires std::is_empty_v<typename T::clock>;
  requires !requires { typename T::clock::duration; };
};

template <class T, Kind kind_of_T, class StorageOfT>
struct TimeScalar : SupportedScalar<T, kind_of_T, StorageOfT> {
  static constexpr T read(StorageOfT stored) { return T(typename T::duration(stored)); }
  static constexpr StorageOfT write(const T& value) { return static_cast<StorageOfT>(value.time_since_epoch().count()); }
};
/// std::chrono::sys_days
template <class T>
  requires CountsTime<T, 86400, 1> && OnSystemClock<T>
struct Scalar<T> : TimeScalar<T, Kind::Date, std::int32_t> {};
/// std::chrono::sys_time<std::chrono::microseconds>
template <class T>
  requires CountsTime<T, 1, 1000000> && OnSystemClock<T>
struct Scalar<T> : TimeScalar<T, Kind::Timestamp, std::int64_t> {};
/// std::chrono::local_time<std::chrono::microseconds>
template <class T>
  requires CountsTime<T, 1, 1000000> && WithoutZone<T>
struct Scalar<T> : TimeScalar<T, Kind::LocalTimestamp, std::int64_t> {};

template <int precision, int scale>
struct Scalar<Decimal<precision, scale>> : SupportedScalar<Decimal<precision, scale>, Kind::Decimal, StoredInt128> {
  using Value = Decimal<precision, scale>;
  static constexpr Value read(const StoredInt128& stored) { return Value::from_unscaled(stored.value()); }
  static constexpr StoredInt128 write(const Value& value) { return StoredInt128::of(value.unscaled()); }
  static constexpr bool can_throw = true;
  static Type type() {
    Type made(Kind::Decimal);
    made.precision = precision;
    made.scale = scale;
    return made;
  }
};

/// True for texts and bytes, which lie outside of their rows.
template <class T>
inline constexpr bool is_text_type = std::is_same_v<typename Scalar<T>::Storage, std::string_view>;

static_assert(sizeof(long) == sizeof(std::int64_t), "udf: the SDK is for 64-bit Linux");

/// Takes `std::optional` off a type and remembers that it was there.
template <class T>
struct Nullable {
  static constexpr bool nullable = false;
  using Value = T;
};
template <class T>
struct Nullable<std::optional<T>> {
  static constexpr bool nullable = true;
  using Value = T;
};

}  // namespace udf::detail
