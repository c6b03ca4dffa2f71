#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "udf/text_output.h"
#include "udf/types.h"

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

inline void set_valid(std::uint64_t* validity, std::int64_t row) {
  validity[row / word_rows] |= std::uint64_t{1} << (row % word_rows);
}

/// Where the elements of one row of a list lie in the column of all elements.
struct ListEntry {
  std::uint64_t first;
  std::uint64_t count;
};

/// An argument of all rows, in the one form that kernels read; the doors convert to it. As in Arrow, a nested column
/// consists of columns. Borrowed for the call.
struct Input {
  /// `Scalar<T>::Storage` for each row, of a struct nothing, of a list a `ListEntry`. Where `offsets` are given, of a text
  /// the bytes of all rows, and of a list nothing. What lies in a null row is never read.
  const void* values;
  /// Null when no row is null.
  const std::uint64_t* validity;
  /// Of a list the column of all elements, of a struct its fields.
  const Input* children;
  std::int64_t rows;
  /// Of a list or a text, in Arrow's form: row `i` has the elements, or the bytes, from `offsets[i]` until
  /// `offsets[i + 1]`.
  const std::int32_t* offsets = nullptr;
};

/// The texts of a column.
class Texts {
 public:
  explicit Texts(const Input& texts) : values_(texts.values), offsets_(texts.offsets) {}

  std::string_view operator[](std::int64_t row) const {
    if (offsets_ == nullptr) return static_cast<const std::string_view*>(values_)[row];
    const std::int64_t first = offsets_[row];
    return {static_cast<const char*>(values_) + first, static_cast<std::size_t>(offsets_[row + 1] - first)};
  }

 private:
  const void* values_;
  const std::int32_t* offsets_;
};

/// Where the elements of each row of a list lie.
class ListEntries {
 public:
  explicit ListEntries(const Input& lists)
      : entries_(static_cast<const ListEntry*>(lists.values)), offsets_(lists.offsets) {}

  ListEntry operator[](std::int64_t row) const {
    if (offsets_ == nullptr) return entries_[row];
    const auto first = static_cast<std::uint64_t>(offsets_[row]);
    return {first, static_cast<std::uint64_t>(offsets_[row + 1]) - first};
  }

 private:
  const ListEntry* entries_;
  const std::int32_t* offsets_;
};

class ListOutput;

/// Where a result of all rows goes; a struct has one of these for each field. Owned by the door.
struct Output {
  const Type* type;
  /// May be null by itself, and not only with the struct that it is a field of.
  bool nullable;
  /// Which rows are not null: `word_count(rows)` words, or null when nobody asks.
  std::uint64_t* validity;
  /// `Scalar<T>::Storage` for each row; not used for texts, lists and structs. Null rows get 0.
  void* values;
  /// For texts and bytes.
  TextOutput* text;
  ListOutput* list;
  /// A struct's fields.
  const Output* children;
};

/// Sets all values to 0 and all fields to null, so that what a null row holds is the same in every run.
void clear(const Output& output, std::int64_t rows);

/// Ends texts and lists, and gives the fields that are null only with their row the mask of the whole struct.
void finish(const Output& output, std::int64_t rows);

}  // namespace udf::detail
