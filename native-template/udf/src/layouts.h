#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "arena.h"

namespace udf::detail {

/// Gives `use(row, first, count)` for each row that rows + 1 offsets describe. False when an offset falls, or lies
/// outside of 0 to `limit`; a limit of -1 says that nobody knows it. What was used is then to be thrown away.
template <class Offset, class Use>
bool for_each_range(const Offset* offsets, std::int64_t rows, std::int64_t limit, const Use& use) {
  if (rows == 0) return true;
  if (offsets[0] < 0 || (limit >= 0 && offsets[rows] > limit)) return false;
  bool rising = true;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto first = static_cast<std::uint64_t>(offsets[row]);
    const auto end = static_cast<std::uint64_t>(offsets[row + 1]);
    rising &= offsets[row] <= offsets[row + 1];
    use(row, first, end - first);
  }
  return rising;
}

/// Views of texts in Arrow's form. Null when the offsets are not good.
template <class Offset>
const std::string_view* views_of(const Offset* offsets, const char* data, std::int64_t data_size, std::int64_t rows, Arena& arena) {
  auto* const views = arena.room<std::string_view>(static_cast<std::size_t>(rows));
  const auto begin = reinterpret_cast<std::uintptr_t>(data);
  const bool good = for_each_range(offsets, rows, data_size, [&](std::int64_t row, std::uint64_t first, std::uint64_t count) {
    views[row] = {reinterpret_cast<const char*>(begin + first), static_cast<std::size_t>(count)};
  });
  return good ? views : nullptr;
}

/// Entries of lists in Arrow's form, each `skipped` elements further back. Null when the offsets are not good.
template <class Offset>
const ListEntry* entries_of(const Offset* offsets, std::int64_t skipped, std::int64_t elements, std::int64_t rows, Arena& arena) {
  auto* const entries = arena.room<ListEntry>(static_cast<std::size_t>(rows));
  const bool good = for_each_range(offsets, rows, elements, [&](std::int64_t row, std::uint64_t first, std::uint64_t count) {
    entries[row] = {first - static_cast<std::uint64_t>(skipped), count};
  });
  return good ? entries : nullptr;
}

/// What was written, as a column to read. It shares memory with `column`, which must be finished.
inline Input as_input(const Output& column, std::int64_t rows, Arena& arena) {
  Input input{column.values, column.validity, nullptr, rows};
  if (column.text != nullptr) {
    const auto& bytes = column.text->bytes();
    input.values = views_of(column.text->offsets().data(), bytes.data(), static_cast<std::int64_t>(bytes.size()), rows, arena);
  } else if (column.list != nullptr) {
    const OwnedColumn& elements = column.list->elements();
    input.values = entries_of(column.list->offsets().data(), 0, elements.rows(), rows, arena);
    auto* const child = arena.make<Input>(1);
    *child = as_input(elements.output(), elements.rows(), arena);
    input.children = child;
  } else if (column.type->kind == Kind::Struct) {
    const std::size_t count = column.type->children.size();
    auto* const fields = arena.make<Input>(count);
    for (std::size_t index = 0; index < count; ++index) fields[index] = as_input(column.children[index], rows, arena);
    input.children = fields;
  }
  return input;
}

/// Views of the 16-byte entries of a DuckDB vector: a length of 32 bits, then either up to 12 bytes of text, or 4 bytes
/// of it and a pointer to all. The entries of null rows are not looked at.
inline void view_duckdb_entries(const char* entries, const Input& column, std::string_view* views) {
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (!is_valid(column.validity, row)) continue;
    const char* const entry = entries + row * 16;
    std::uint32_t length = 0;
    std::memcpy(&length, entry, sizeof length);
    const char* text = entry + 4;
    if (length > 12) std::memcpy(&text, entry + 8, sizeof text);
    views[row] = {text, length};
  }
}

}  // namespace udf::detail
