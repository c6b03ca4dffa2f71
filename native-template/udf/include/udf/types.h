#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace udf {

/// The scalar types that cross a door. Each has one C++ type, and one form in a column (see `Scalar::Storage`).
enum class Type : std::uint8_t { Bool, Int32, Int64, Float, Double, String };

namespace detail {

/// How a C++ type is kept in a column: `Storage` is what the column holds for each row.
/// Booleans are bytes (0 is false), texts are views of UTF-8 bytes that somebody else owns for the time of the call.
template <class T>
struct Scalar {
  static constexpr bool supported = false;
};

template <class T, Type type_of_T, class StorageOfT = T>
struct SupportedScalar {
  static constexpr bool supported = true;
  static constexpr Type type = type_of_T;
  using Storage = StorageOfT;
  static constexpr T read(const Storage& stored) { return static_cast<T>(stored); }
  static constexpr Storage write(const T& value) { return static_cast<Storage>(value); }
};

template <>
struct Scalar<bool> : SupportedScalar<bool, Type::Bool, std::uint8_t> {
  static constexpr bool read(std::uint8_t stored) { return stored != 0; }
};
template <>
struct Scalar<std::int32_t> : SupportedScalar<std::int32_t, Type::Int32> {};
template <>
struct Scalar<long> : SupportedScalar<long, Type::Int64, std::int64_t> {};
template <>
struct Scalar<long long> : SupportedScalar<long long, Type::Int64, std::int64_t> {};
template <>
struct Scalar<float> : SupportedScalar<float, Type::Float> {};
template <>
struct Scalar<double> : SupportedScalar<double, Type::Double> {};
template <>
struct Scalar<std::string_view> : SupportedScalar<std::string_view, Type::String> {};
template <>
struct Scalar<std::string> : SupportedScalar<std::string, Type::String, std::string_view> {};

template <class T>
inline constexpr bool is_text = std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>;

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

}  // namespace detail
}  // namespace udf
