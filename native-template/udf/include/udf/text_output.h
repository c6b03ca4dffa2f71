#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace udf::detail {

/// A column of texts or bytes while it is written, in Arrow's form: the bytes of all rows one after the other, and where
/// each row begins. Rows are written in order; a row that is left out is empty.
class TextOutput {
 public:
  explicit TextOutput(std::int64_t rows) : offsets_(static_cast<std::size_t>(rows) + 1) {}

  /// Copies `text`. Throws std::length_error when the column would pass 2 GiB.
  void write(std::int64_t row, std::string_view text) {
    fill(row);
    if (text.size() > largest - bytes_.size()) too_long();
    bytes_.append(text);
  }

  /// Makes room for more rows.
  void grow(std::int64_t rows) { offsets_.resize(static_cast<std::size_t>(rows) + 1); }

  /// Ends the rows that were left out at the end.
  void finish() { fill(static_cast<std::int64_t>(offsets_.size()) - 1); }

  /// rows + 1 offsets into `bytes()`.
  const std::vector<std::int32_t>& offsets() const { return offsets_; }
  const std::string& bytes() const { return bytes_; }

 private:
  static constexpr std::size_t largest = 0x7fffffff;

  [[noreturn]] static void too_long();

  void fill(std::int64_t row) {
    for (; next_ <= row; ++next_) offsets_[static_cast<std::size_t>(next_)] = static_cast<std::int32_t>(bytes_.size());
  }

  std::vector<std::int32_t> offsets_;
  std::string bytes_;
  std::int64_t next_ = 0;
};

}  // namespace udf::detail
