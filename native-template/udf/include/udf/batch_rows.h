#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "udf/column.h"

namespace udf::detail {

class Arena;

/// The rows of a batch that its function sees: those in which no argument is null that must not be. Where these are all
/// rows, nothing is copied.
class BatchRows {
 public:
  /// `fields` says what the columns hold, and which of them may have nulls; both are borrowed.
  BatchRows(const Field* fields, const Input* inputs, std::size_t columns, std::int64_t rows);
  ~BatchRows();
  BatchRows(const BatchRows&) = delete;
  BatchRows& operator=(const BatchRows&) = delete;

  std::int64_t count() const { return count_; }
  bool all() const { return rows_.empty(); }
  /// The row of the batch that the function's row `index` is.
  std::int64_t row(std::int64_t index) const { return all() ? index : rows_[static_cast<std::size_t>(index)]; }
  /// A column of these rows.
  const Input& input(std::size_t column) const { return inputs_[column]; }

 private:
  std::int64_t count_;
  /// Empty where all rows are seen.
  std::vector<std::int64_t> rows_;
  std::vector<Input> inputs_;
  std::unique_ptr<Arena> arena_;
};

/// Throws std::length_error: a batch function gave `given` results for `rows` rows.
[[noreturn, gnu::cold]] void wrong_length(std::size_t given, std::int64_t rows);

}  // namespace udf::detail
