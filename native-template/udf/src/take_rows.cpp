#include "take_rows.h"

#include <cstring>

namespace udf::detail {

Input take_rows(const Input& from, const Type& type, const std::int64_t* indices, const Input& rows, Arena& arena) {
  Input taken{nullptr, rows.validity, from.children, rows.rows};
  std::uint64_t* mask = nullptr;
  if (from.validity != nullptr) {
    mask = arena.mask(rows.rows);
    taken.validity = mask;
  }
  if (from.offsets != nullptr) {
    const ListEntries entries(from);
    auto* const taken_entries = arena.make<ListEntry>(static_cast<std::size_t>(rows.rows));
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      if (!is_valid(rows.validity, row)) continue;
      if (mask != nullptr && is_valid(from.validity, indices[row])) set_valid(mask, row);
      taken_entries[row] = entries[indices[row]];
    }
    taken.values = taken_entries;
    return taken;
  }
  const std::size_t width = is_text(type.kind) || type.kind == Kind::List ? 16 : width_of(type.kind);
  auto* const values = arena.make<std::byte>(static_cast<std::size_t>(rows.rows) * (width == 0 ? 1 : width));
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    if (!is_valid(rows.validity, row)) continue;
    if (mask != nullptr && is_valid(from.validity, indices[row])) set_valid(mask, row);
    const auto* const source = static_cast<const std::byte*>(from.values) + static_cast<std::size_t>(indices[row]) * width;
    if (width > 0) std::memcpy(values + static_cast<std::size_t>(row) * width, source, width);
  }
  taken.values = values;
  if (type.kind == Kind::Struct) {
    auto* const children = arena.make<Input>(type.children.size());
    for (std::size_t index = 0; index < type.children.size(); ++index) {
      children[index] = take_rows(from.children[index], type.children[index].type, indices, rows, arena);
    }
    taken.children = children;
  }
  return taken;
}

}  // namespace udf::detail
