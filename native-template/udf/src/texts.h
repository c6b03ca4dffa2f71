#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "udf/column.h"

namespace udf::detail {

/// Views of texts in Arrow's form, one for each of `views`. False when the offsets fall or pass `data_size`; a size of
/// -1 says that nobody knows it.
template <class Offset>
bool view_offsets(const Offset* offsets, const char* data, std::int64_t data_size, std::vector<std::string_view>& views) {
  if (views.empty()) return true;
  const std::size_t rows = views.size();
  if (offsets[0] < 0) return false;
  bool rising = true;
  for (std::size_t row = 0; row < rows; ++row) rising &= offsets[row] <= offsets[row + 1];
  if (!rising || (data_size >= 0 && offsets[rows] > data_size)) return false;
  for (std::size_t row = 0; row < rows; ++row) {
    views[row] = {data + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
  }
  return true;
}

/// Views of the 16-byte entries of a DuckDB vector: a length of 32 bits, then either up to 12 bytes of text, or 4 bytes
/// of it and a pointer to all. The entries of null rows are not looked at.
inline void view_duckdb_entries(const char* entries, const std::uint64_t* validity,
                                std::vector<std::string_view>& views) {
  for (std::size_t row = 0; row < views.size(); ++row) {
    if (!is_valid(validity, static_cast<std::int64_t>(row))) continue;
    const char* const entry = entries + row * 16;
    std::uint32_t length = 0;
    std::memcpy(&length, entry, sizeof length);
    const char* text = entry + 4;
    if (length > 12) std::memcpy(&text, entry + 8, sizeof text);
    views[row] = {text, length};
  }
}

}  // namespace udf::detail
