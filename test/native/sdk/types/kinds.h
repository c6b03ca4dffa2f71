#pragma once

// Functions of every kind of column, so that tests can send values through them.

#include <udf/udf.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kinds {

using Date = std::chrono::sys_days;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;
using Money = udf::Decimal<18, 2>;
using Bytes = std::span<const std::byte>;

/// Copies a list; the elements have other types in arguments than in results.
template <class To, class From>
std::vector<To> copy(std::span<const From> list) {
  std::vector<To> made;
  for (const From& element : list) made.push_back(To(element));
  return made;
}

inline std::vector<std::byte> same_bytes(Bytes value) { return {value.begin(), value.end()}; }
inline std::optional<std::vector<std::byte>> maybe_bytes(std::optional<Bytes> value) {
  if (!value) return std::nullopt;
  return same_bytes(*value);
}

template <class T>
std::vector<T> same_list(std::span<const T> list) {
  return copy<T>(list);
}
template <class T>
std::vector<std::optional<T>> same_holes(std::span<const std::optional<T>> list) {
  return copy<std::optional<T>>(list);
}
inline std::vector<std::string> same_texts(std::span<const std::string_view> list) { return copy<std::string>(list); }
inline std::vector<std::optional<std::string>> same_maybe_texts(std::span<const std::optional<std::string_view>> list) {
  std::vector<std::optional<std::string>> made;
  for (const auto& element : list) made.push_back(element ? std::optional<std::string>(*element) : std::nullopt);
  return made;
}
inline std::vector<std::vector<std::byte>> same_blobs(std::span<const Bytes> list) {
  std::vector<std::vector<std::byte>> made;
  for (const Bytes& element : list) made.push_back(same_bytes(element));
  return made;
}
inline std::optional<std::vector<double>> maybe_list(std::optional<std::span<const double>> list) {
  if (!list) return std::nullopt;
  return same_list(*list);
}
inline double sum_list(std::span<const double> list) noexcept {
  return std::accumulate(list.begin(), list.end(), 0.0);
}
inline std::int32_t count_holes(std::span<const std::optional<std::int32_t>> list) {
  std::int32_t count = 0;
  for (const auto& element : list) count += !element;
  return count;
}

struct Point {
  double x;
  std::optional<double> y;
  std::string label;
};
UDF_STRUCT(Point, x, y, label)

struct Track {
  std::string name;
  std::vector<Point> points;
  std::optional<std::vector<std::int64_t>> times;
  Point start;
  std::optional<Point> end;
};
UDF_STRUCT(Track, name, points, times, start, end)

inline Point same_point(const Point& point) { return point; }
inline std::optional<Point> maybe_point(const std::optional<Point>& point) { return point; }
inline std::vector<Point> same_points(std::span<const Point> points) { return copy<Point>(points); }
inline std::vector<std::optional<Point>> same_maybe_points(std::span<const std::optional<Point>> points) {
  return copy<std::optional<Point>>(points);
}
inline Track same_track(const Track& track) { return track; }
inline std::vector<std::vector<std::int16_t>> same_nested(std::span<const std::vector<std::int16_t>> lists) {
  return copy<std::vector<std::int16_t>>(lists);
}

struct Stamp {
  Date day;
  std::optional<Instant> at;
  Money price;
  std::vector<LocalTime> local;
  std::vector<Money> prices;
};
UDF_STRUCT(Stamp, day, at, price, local, prices)
inline Stamp same_stamp(const Stamp& stamp) { return stamp; }

inline udf::Result<double> checked_root(double value) {
  if (value < 0) return udf::Error("no root of " + std::to_string(static_cast<int>(value)));
  return __builtin_sqrt(value);
}
inline udf::Result<std::optional<std::string>> checked_text(std::int32_t value) {
  if (value == 0) return udf::Error("zero");
  if (value < 0) return std::optional<std::string>();
  return std::optional<std::string>(std::to_string(value));
}

inline std::string describe(double value, std::int64_t times, std::string_view unit, std::optional<bool> loud) {
  return std::to_string(value * static_cast<double>(times)) + std::string(unit) + (!loud ? "?" : *loud ? "!" : ".");
}
inline Money add_tax(Money price, std::int64_t percent) {
  return Money::from_unscaled(price.unscaled() + price.unscaled() * percent / 100);
}

/// `same_<name>` takes and gives the type, `maybe_<name>` too and nulls.
template <class T>
T same(T value) noexcept {
  return value;
}
template <class T>
std::optional<T> maybe(std::optional<T> value) noexcept {
  return value;
}

template <class T>
void add_kind(udf::Module& m, const std::string& name) {
  using namespace udf::literals;
  m.row<same<T>>("same_" + name, "value"_a);
  m.row<maybe<T>>("maybe_" + name, "value"_a);
}

/// `list_<name>` and `holes_<name>` take and give lists.
template <class T>
void add_lists(udf::Module& m, const std::string& name) {
  using namespace udf::literals;
  m.row<same_list<T>>("list_" + name, "list"_a);
  m.row<same_holes<T>>("holes_" + name, "list"_a);
}

inline void add(udf::Module& m) {
  using namespace udf::literals;
  add_kind<bool>(m, "bool");
  add_kind<std::int8_t>(m, "int8");
  add_kind<std::int16_t>(m, "int16");
  add_kind<std::int32_t>(m, "int32");
  add_kind<std::int64_t>(m, "int64");
  add_kind<std::uint8_t>(m, "uint8");
  add_kind<std::uint16_t>(m, "uint16");
  add_kind<std::uint32_t>(m, "uint32");
  add_kind<std::uint64_t>(m, "uint64");
  add_kind<float>(m, "float");
  add_kind<double>(m, "double");
  add_kind<Date>(m, "date");
  add_kind<Instant>(m, "timestamp");
  add_kind<LocalTime>(m, "local_timestamp");
  add_kind<Money>(m, "money");
  add_lists<bool>(m, "bool");
  add_lists<std::int64_t>(m, "int64");
  add_lists<std::uint8_t>(m, "uint8");
  add_lists<float>(m, "float");
  add_lists<double>(m, "double");
  add_lists<Date>(m, "date");
  add_lists<Money>(m, "money");
  m.row<same<udf::Decimal<38, 10>>>("same_wide_decimal", "value"_a);
  m.row<same<udf::Decimal<4, 1>>>("same_small_decimal", "value"_a);
  m.row<same<udf::Decimal<9>>>("same_whole_decimal", "value"_a);
  m.row<same_bytes>("same_bytes", "value"_a);
  m.row<maybe_bytes>("maybe_bytes", "value"_a);
  m.row<same_texts>("list_text", "list"_a);
  m.row<same_maybe_texts>("holes_text", "list"_a);
  m.row<same_blobs>("list_bytes", "list"_a);
  m.row<maybe_list>("maybe_list", "list"_a);
  m.row<sum_list>("sum_list", "list"_a);
  m.row<count_holes>("count_holes", "list"_a);
  m.row<same_point>("same_point", "point"_a);
  m.row<maybe_point>("maybe_point", "point"_a);
  m.row<same_points>("same_points", "points"_a);
  m.row<same_maybe_points>("same_maybe_points", "points"_a);
  m.row<same_track>("same_track", "track"_a);
  m.row<same_nested>("same_nested", "lists"_a);
  m.row<same_stamp>("same_stamp", "stamp"_a);
  m.row<checked_root>("checked_root", "value"_a);
  m.row<checked_text>("checked_text", "value"_a);
  m.row<describe>("describe", "value"_a, "times"_a = 2, "unit"_a = " km", "loud"_a = std::nullopt).not_deterministic();
  m.row<add_tax>("add_tax", "price"_a, "percent"_a = 19).cannot_fail();
}

}  // namespace kinds
