#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>

namespace fuzz {

/// Decisions out of a fuzzer's bytes, one after the other; after the last byte all are 0.
class Choices {
 public:
  Choices(const std::uint8_t* bytes, std::size_t size) : next_(bytes), end_(bytes + size) {}

  bool empty() const { return next_ == end_; }
  std::uint8_t byte() { return empty() ? 0 : *next_++; }
  /// From 0 to `count` - 1.
  std::size_t below(std::size_t count) { return byte() % count; }
  /// True for one byte in `count`, and not for 0.
  bool once_in(std::size_t count) { return byte() % count == count - 1; }
  template <class T>
  T of(std::initializer_list<T> values) {
    return std::data(values)[below(values.size())];
  }
  void fill(void* to, std::size_t size) {
    auto* const bytes = static_cast<std::uint8_t*>(to);
    for (std::size_t index = 0; index < size; ++index) bytes[index] = byte();
  }
  template <class T>
  T raw() {
    T value{};
    fill(&value, sizeof value);
    return value;
  }
  /// Mostly small, sometimes at the borders of a type.
  template <class T>
  T index() {
    const std::uint8_t choice = byte();
    if (choice < 200) return static_cast<T>(choice % 24);
    if (choice < 225) return static_cast<T>(static_cast<std::int8_t>(byte()));
    if (choice < 235) return raw<T>();
    return static_cast<T>(of<std::int64_t>({-1, INT64_MIN, INT64_MAX, INT32_MAX, INT32_MIN, 4294967295, std::int64_t{1} << 40}));
  }

 private:
  const std::uint8_t* next_;
  const std::uint8_t* end_;
};

}  // namespace fuzz
