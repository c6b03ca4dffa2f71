#pragma once

#include <cstdint>

#include "udf/text_output.h"

namespace udf::detail {

/// 64 rows share one word of a validity mask: bit `row % 64` of word `row / 64` is 1 where the row is not null.
inline constexpr std::int64_t word_rows = 64;

constexpr std::int64_t word_count(std::int64_t rows) { return (rows + word_rows - 1) / word_rows; }

/// The bits of the first `count` rows of a word; 64 and more give all.
constexpr std::uint64_t first_rows(std::int64_t count) {
  return count >= word_rows ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

constexpr bool is_valid(const std::uint64_t* validity, std::int64_t row) {
  return validity == nullptr || ((validity[row / word_rows] >> (row % word_rows)) & 1) != 0;
}

/// One argument of all rows, in the one form that kernels read; the doors convert to it. Borrowed for the call.
struct Input {
  /// `Scalar<T>::Storage` for each row; what lies in a null row is never read.
  const void* values;
  /// Null when no row is null.
  const std::uint64_t* validity;
};

/// Where one column of a result goes: a scalar result has one leaf, a struct one for each field. Owned by the door.
struct Leaf {
  /// `Scalar<T>::Storage` for each row; not used for texts. Null rows get 0.
  void* values;
  /// `word_count(rows)` words, or null when nobody asks; must be there for a field that may be null.
  std::uint64_t* validity;
  /// For texts.
  TextOutput* text;
};

struct Output {
  /// `word_count(rows)` words: which rows have a result.
  std::uint64_t* validity;
  const Leaf* leaves;
};

}  // namespace udf::detail
