#pragma once

#include <udf/udf.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

/// Reads columns key and value; remembers views of the file's text.
class Table {
 public:
  explicit Table(const udf::Config& config);
  std::optional<double> find(std::string_view key) const;
  /// Which table it is, in the order in which they were made.
  std::int32_t serial(std::int32_t) const noexcept { return serial_; }

 private:
  std::map<std::string_view, double> values_;
  std::int32_t serial_;
};

/// Made without a config.
class Counter {
 public:
  Counter();
  std::int32_t serial(std::int32_t) const noexcept { return serial_; }

 private:
  std::int32_t serial_;
};
