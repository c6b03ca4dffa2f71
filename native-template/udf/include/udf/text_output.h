#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "udf/memory.h"

namespace udf::detail {

/// A column of texts or bytes while it is written, in Arrow's form: the bytes of all rows one after the other, and where
/// each row begins. Rows are written in order; a row that is left out is empty.
class TextOutput {
 public:
  explicit TextOutput(std::int64_t rows) : offsets_(static_cast<std::size_t>(rows) + 1), bytes_(0) { *offsets_.data() = 0; }

  /// Copies `text`. Throws std::length_error when the column would pass 2 GiB.
  void write(std::int64_t row, std::string_view text) {
    if (next_ < row) leave_out(row);
    if (!bytes_.append(text.data(), text.size(), largest)) too_long();
    end_row(row);
  }

  /// Makes room for more rows.
  void grow(std::int64_t rows) { offsets_.resize(static_cast<std::size_t>(rows) + 1); }

  /// Ends the rows that were left out at the end.
  void finish() { leave_out(static_cast<std::int64_t>(offsets_.size()) - 1); }

  /// rows + 1 offsets into `bytes()`.
  std::span<const std::int32_t> offsets() const { return offsets_.all(); }
  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
  Memory take_offsets() { return offsets_.take(); }
  Memory take_bytes() { return bytes_.take(); }

 private:
  static constexpr std::size_t largest = 0x7fffffff;

  [[noreturn]] static void too_long();

  void end_row(std::int64_t row) {
    next_ = row + 1;
    offsets_.data()[next_] = static_cast<std::int32_t>(bytes_.size());
  }
  /// The rows before `row` that have not been written.
  [[gnu::noinline]] void leave_out(std::int64_t row) {
    while (next_ < row) end_row(next_);
  }

  Growing<std::int32_t> offsets_;
  Growing<char> bytes_;
  std::int64_t next_ = 0;
};

}  // namespace udf::detail
