#include "defaults.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace udf::detail {

Input null_column(const Type& type, std::int64_t rows, Arena& arena) {
  auto* const children = arena.make<Input>(type.children.size());
  for (std::size_t index = 0; index < type.children.size(); ++index) {
    children[index] = null_column(type.children[index].type, type.kind == Kind::List ? 0 : rows, arena);
  }
  // what a row of any kind takes at most
  return {arena.make<ListEntry>(static_cast<std::size_t>(rows)), arena.mask(rows), children, rows};
}

Input column_of_default(const Default& value, const Type& type, std::int64_t rows, Arena& arena) {
  if (value.null) return null_column(type, rows, arena);
  const auto count = static_cast<std::size_t>(rows);
  if (is_text(type.kind)) {
    auto* const views = arena.make<std::string_view>(count);
    std::fill_n(views, count, std::string_view(value.text));
    return {views, nullptr, nullptr, rows};
  }
  const std::size_t width = width_of(type.kind);
  auto* const values = arena.make<std::byte>(count * width);
  for (std::size_t row = 0; row < count; ++row) std::memcpy(values + row * width, value.value.data(), width);
  return {values, nullptr, nullptr, rows};
}

}  // namespace udf::detail
