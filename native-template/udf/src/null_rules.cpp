#include "null_rules.h"

#include <cstring>

namespace udf::detail {
namespace {

/// Whether none of these rows is null.
bool all_valid(const std::uint64_t* validity, std::uint64_t first, std::uint64_t count) {
  const auto end = static_cast<std::int64_t>(first + count);
  for (auto row = static_cast<std::int64_t>(first); row < end;) {
    const std::int64_t within = row % word_rows;
    const std::int64_t here = end - row < word_rows - within ? end - row : word_rows - within;
    if ((~(validity[row / word_rows] >> within) & first_rows(here)) != 0) return false;
    row += here;
  }
  return true;
}

std::uint64_t* copy_of_mask(const std::uint64_t* validity, std::int64_t rows, Arena& arena) {
  std::uint64_t* const copy = arena.mask(rows);
  const std::int64_t words = word_count(rows);
  if (validity != nullptr) std::memcpy(copy, validity, static_cast<std::size_t>(words) * sizeof *copy);
  for (std::int64_t word = 0; validity == nullptr && word < words; ++word) copy[word] = ~std::uint64_t{0};
  return copy;
}

}  // namespace

Input move_nulls_outward(const Input& column, const Type& type, Arena& arena) {
  if (!is_nested(type.kind)) return column;
  Input moved = column;
  auto* const children = arena.make<Input>(type.children.size());
  std::uint64_t* mask = nullptr;
  for (std::size_t index = 0; index < type.children.size(); ++index) {
    const Field& field = type.children[index];
    const Input& child = children[index] = move_nulls_outward(column.children[index], field.type, arena);
    if (field.nullable || child.validity == nullptr) continue;
    if (mask == nullptr) mask = copy_of_mask(column.validity, column.rows, arena);
    if (type.kind == Kind::Struct) {
      for (std::int64_t word = 0; word < word_count(column.rows); ++word) mask[word] &= child.validity[word];
    } else {
      const ListEntries entries(column);
      for (std::int64_t row = 0; row < column.rows; ++row) {
        if (!is_valid(mask, row) || all_valid(child.validity, entries[row].first, entries[row].count)) continue;
        mask[row / word_rows] &= ~(std::uint64_t{1} << (row % word_rows));
      }
    }
  }
  moved.children = children;
  if (mask != nullptr) moved.validity = mask;
  return moved;
}

}  // namespace udf::detail
