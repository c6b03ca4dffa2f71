#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "udf/column.h"
#include "udf/memory.h"

namespace udf::detail {

/// Which columns have a mask: those whose type may be null; or also what lies in them, which has the same mask; or all, so
/// that what a caller gives is kept until the null rules are applied.
enum class Masks { Nullable, Declared, Everywhere };

/// A column with memory of its own. What a list holds is one that grows while the list is written.
class OwnedColumn {
 public:
  /// For `rows` rows, which hold anything until they are cleared or written; `type` must outlive it. `in_nullable`: what
  /// it lies in may be null.
  struct Options {
    bool nullable;
    bool in_nullable;
    Masks masks;
  };
  OwnedColumn(const Type& type, Options options, std::int64_t rows);
  OwnedColumn(OwnedColumn&&) noexcept;
  ~OwnedColumn();

  /// Where to write; it moves when the column grows or moves.
  const Output& output() const { return output_; }
  std::int64_t rows() const { return rows_; }

  /// Makes room for more rows; those that may be null are null until they are written.
  void grow(std::int64_t rows) {
    if (rows <= capacity_ && is_only_values_) {
      rows_ = rows;
    } else {
      grow_all(rows);
    }
  }
  /// Ends texts and lists.
  void finish();

  Memory take_values() { return std::move(values_); }
  Memory take_validity() { return std::move(validity_); }
  std::vector<OwnedColumn>& children() { return children_; }

 private:
  void connect();
  void grow_all(std::int64_t rows);
  void reserve(std::int64_t rows);

  Output output_{};
  std::int64_t rows_ = 0;
  std::int64_t capacity_ = 0;
  /// It may be null, or what it lies in may be.
  bool has_nulls_;
  /// Values of fixed width, and nothing else.
  bool is_only_values_;
  Memory values_;
  Memory validity_;
  std::unique_ptr<TextOutput> text_;
  std::unique_ptr<ListOutput> list_;
  std::vector<OwnedColumn> children_;
  std::vector<Output> child_outputs_;
};

/// A column of lists while it is written, in Arrow's form. Rows are written in order; a row that is left out is empty.
class ListOutput {
 public:
  ListOutput(const Field& element, Masks masks, std::int64_t rows)
      : offsets_(static_cast<std::size_t>(rows) + 1), elements_(element.type, {element.nullable, false, masks}, 0) {}

  /// Makes room for the `count` elements of a row, and gives the index of the first one in `elements()`. Throws
  /// std::length_error when the column would have more than 2,147,483,647.
  std::int64_t add(std::int64_t row, std::size_t count) {
    fill(row);
    const std::int64_t first = elements_.rows();
    if (count > static_cast<std::size_t>(largest - first)) too_many();
    elements_.grow(first + static_cast<std::int64_t>(count));
    return first;
  }

  /// Where to write them; it moves with the next `add`.
  const Output& output() const { return elements_.output(); }

  void grow(std::int64_t rows) { offsets_.resize(static_cast<std::size_t>(rows) + 1); }
  void finish() {
    fill(static_cast<std::int64_t>(offsets_.size()) - 1);
    elements_.finish();
  }

  /// rows + 1 indices in `elements()`.
  std::span<const std::int32_t> offsets() const { return offsets_.all(); }
  Memory take_offsets() { return offsets_.take(); }
  OwnedColumn& elements() { return elements_; }
  const OwnedColumn& elements() const { return elements_; }

 private:
  static constexpr std::int64_t largest = 0x7fffffff;

  [[noreturn]] static void too_many();

  void fill(std::int64_t row) {
    for (; next_ <= row; ++next_) offsets_.data()[next_] = static_cast<std::int32_t>(elements_.rows());
  }

  Growing<std::int32_t> offsets_;
  OwnedColumn elements_;
  std::int64_t next_ = 0;
};

}  // namespace udf::detail
