// Lists and structs out of Arrow arrays.

#include <type_traits>

#include "arrow_import.h"
#include "layouts.h"

namespace udf::detail {
namespace {

constexpr std::string_view bad_lists = " has lists that fall or lie outside of their elements";

}  // namespace

ArrowRows ArrowReader::child_of(const ArrowRows& from, std::int64_t index, std::int64_t first, std::int64_t rows) const {
  const ArrowSchema* const schema = from.schema.children[index];
  const ArrowArray* const array = from.array.children[index];
  check_inner(schema, array, "child array");
  if (first > array->length || rows > array->length - first) refuse({" has a child array that is too short"});
  return {*schema, *array, array->offset + first, rows};
}

Input ArrowReader::list(const ArrowRows& from, const Type& type) const {
  const std::string_view format = from.format();
  const std::int64_t buffers = format.starts_with("+v") ? 3 : format.starts_with("+w:") ? 1 : 2;
  check_shape(from, buffers, 1);
  if (format == "+l") return list_at_offsets<std::int32_t>(from, type);
  if (format == "+L") return list_at_offsets<std::int64_t>(from, type);
  if (format == "+vl") return list_views<std::int32_t>(from, type);
  if (format == "+vL") return list_views<std::int64_t>(from, type);
  return list_of_fixed_size(from, type, format.substr(3));
}

template <class Offset>
Input ArrowReader::list_at_offsets(const ArrowRows& from, const Type& type) const {
  auto* const child = arena_.make<Input>(1);
  const Type& element = type.children[0].type;
  if (from.rows == 0) {
    *child = read(child_of(from, 0, 0, 0), element);
    return {arena_.make<ListEntry>(1), nullptr, child, 0};
  }
  const Offset* const offsets = buffer<Offset>(from, 1, from.rows + 1);
  if (!offsets_are_good(offsets, from.rows, -1)) refuse({bad_lists});
  *child = read(child_of(from, 0, offsets[0], offsets[from.rows] - offsets[0]), element);
  Input lists{nullptr, validity(from), child, from.rows};
  if constexpr (std::is_same_v<Offset, std::int32_t>) {
    if (offsets[0] == 0) lists.offsets = offsets;
  }
  if (lists.offsets == nullptr) lists.values = entries_of(offsets, offsets[0], from.rows, arena_);
  return lists;
}

template <class Offset>
Input ArrowReader::list_views(const ArrowRows& from, const Type& type) const {
  const Offset* const offsets = buffer<Offset>(from, 1, from.rows);
  const Offset* const sizes = buffer<Offset>(from, 2, from.rows);
  const ArrowRows all = child_of(from, 0, 0, 0);
  const std::int64_t length = all.array.length;
  const std::uint64_t* const present = validity(from);
  auto* const entries = arena_.make<ListEntry>(static_cast<std::size_t>(from.rows));
  for (std::int64_t row = 0; row < from.rows; ++row) {
    if (!is_valid(present, row)) continue;
    if (offsets[row] < 0 || sizes[row] < 0 || offsets[row] > length || sizes[row] > length - offsets[row]) refuse({bad_lists});
    entries[row] = {static_cast<std::uint64_t>(offsets[row]), static_cast<std::uint64_t>(sizes[row])};
  }
  auto* const child = arena_.make<Input>(1);
  *child = read({all.schema, all.array, all.first, length}, type.children[0].type);
  return {entries, present, child, from.rows};
}

Input ArrowReader::list_of_fixed_size(const ArrowRows& from, const Type& type, std::string_view size) const {
  const std::int64_t count = number_in_format(size);
  if (count < 0) refuse({" has the format ", from.format(), ", which says no size"});
  if (count > 0 && from.first + from.rows > most_rows / count) refuse({too_large});
  auto* const child = arena_.make<Input>(1);
  *child = read(child_of(from, 0, from.first * count, from.rows * count), type.children[0].type);
  auto* const entries = arena_.make<ListEntry>(static_cast<std::size_t>(from.rows));
  for (std::int64_t row = 0; row < from.rows; ++row) {
    entries[row] = {static_cast<std::uint64_t>(row * count), static_cast<std::uint64_t>(count)};
  }
  return {entries, validity(from), child, from.rows};
}

Input ArrowReader::structure(const ArrowRows& from, const Type& type) const {
  check_shape(from, 1, -1);
  auto* const children = arena_.make<Input>(type.children.size());
  for (std::size_t index = 0; index < type.children.size(); ++index) {
    const Field& field = type.children[index];
    std::int64_t found = 0;
    const auto is_field = [&](std::int64_t at) {
      const ArrowSchema* const schema = from.schema.children[at];
      return schema != nullptr && schema->name != nullptr && field.name == schema->name;
    };
    while (found < from.schema.n_children && !is_field(found)) ++found;
    if (found == from.schema.n_children) refuse({" has no field \"", field.name, "\""});
    children[index] = read(child_of(from, found, from.first, from.rows), field.type);
  }
  return {nullptr, validity(from), children, from.rows};
}

}  // namespace udf::detail
