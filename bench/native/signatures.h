#pragma once

// The functions of the benchmark of signatures, for the module that has them and for the loops by hand.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;

struct Point {
  double x;
  double y;
};

inline double polynomial(double a, double b) noexcept { return a * 1.5 + b * b - 0.25; }

inline double haversine(double lat1, double lon1, double lat2, double lon2) noexcept {
  constexpr double radians = std::numbers::pi / 180;
  const double sin_lat = std::sin((lat2 - lat1) * radians / 2);
  const double sin_lon = std::sin((lon2 - lon1) * radians / 2);
  const double h = sin_lat * sin_lat + std::cos(lat1 * radians) * std::cos(lat2 * radians) * sin_lon * sin_lon;
  return 2 * 6371.0088 * std::asin(std::sqrt(h > 1 ? 1 : h));
}

inline std::int64_t mix(std::int64_t a, std::int64_t b) noexcept { return (a ^ (b >> 7)) & 0xffffffffff; }

inline bool either(bool a, bool b) noexcept { return a || b; }

inline std::optional<double> first_of(std::optional<double> a, std::optional<double> b) noexcept { return a ? a : b; }

inline std::chrono::sys_days day_of(Microseconds time) noexcept { return std::chrono::floor<std::chrono::days>(time); }

/// FNV-1a.
inline std::int64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return static_cast<std::int64_t>(hash);
}

inline std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

inline std::string route(std::string_view from, std::string_view to) {
  std::string made(from);
  made += '-';
  made += to;
  return made;
}

inline double dot(std::span<const float> a, std::span<const float> b) noexcept {
  float sum = 0;
  for (std::size_t index = 0; index < a.size(); ++index) sum += a[index] * b[index];
  return sum;
}

inline Point turned(double x, double y) noexcept { return {x * 0.8 - y * 0.6, x * 0.6 + y * 0.8}; }

inline std::vector<double> powers(double x) { return {x, x * x, x * x * x, x * x * x * x}; }

inline double refused(double x) { throw std::invalid_argument("x is " + std::to_string(x)); }
