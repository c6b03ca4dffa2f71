#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "arena.h"

namespace udf::detail {

/// True when there are rows + 1 offsets that never fall, and stay from 0 to `limit`; a limit of -1 says that nobody
/// knows it.
template <class Offset>
bool offsets_are_good(const Offset* offsets, std::int64_t rows, std::int64_t limit) {
  if (rows == 0) return true;
  if (offsets[0] < 0 || (limit >= 0 && offsets[rows] > limit)) return false;
  // without a jump for each row, and several rows at a time, which -O2 leaves to us
  using Several [[gnu::vector_size(16)]] = Offset;
  constexpr auto several = static_cast<std::int64_t>(sizeof(Several) / sizeof(Offset));
  auto falls = Several{} > Several{};
  std::int64_t row = 0;
  for (; row <= rows - several; row += several) {
    Several here;
    Several next;
    std::memcpy(&here, offsets + row, sizeof here);
    std::memcpy(&next, offsets + row + 1, sizeof next);
    falls |= here > next;
  }
  bool fall = false;
  for (; row < rows; ++row) fall |= offsets[row] > offsets[row + 1];
  for (std::int64_t index = 0; index < several; ++index) fall |= falls[index] != 0;
  return !fall;
}

/// Views of texts in Arrow's form, whose offsets are good.
template <class Offset>
const std::string_view* views_of(const Offset* offsets, const char* data, std::int64_t rows, Arena& arena) {
  auto* const views = arena.room<std::string_view>(static_cast<std::size_t>(rows));
  for (std::int64_t row = 0; row < rows; ++row) {
    views[row] = {data + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
  }
  return views;
}

/// Entries of lists in Arrow's form, each `skipped` elements further back.
template <class Offset>
const ListEntry* entries_of(const Offset* offsets, Offset skipped, std::int64_t rows, Arena& arena) {
  auto* const entries = arena.room<ListEntry>(static_cast<std::size_t>(rows));
  for (std::int64_t row = 0; row < rows; ++row) {
    entries[row] = {static_cast<std::uint64_t>(offsets[row] - skipped), static_cast<std::uint64_t>(offsets[row + 1] - offsets[row])};
  }
  return entries;
}

/// What was written, as a column to read. It shares memory with `column`, which must be finished.
inline Input as_input(const Output& column, std::int64_t rows, Arena& arena) {
  Input input{column.values, column.validity, nullptr, rows};
  if (column.text != nullptr) {
    const auto& bytes = column.text->bytes();
    input.values = views_of(column.text->offsets().data(), bytes.data(), rows, arena);
  } else if (column.list != nullptr) {
    const OwnedColumn& elements = column.list->elements();
    input.offsets = column.list->offsets().data();
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
