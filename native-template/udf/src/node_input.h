#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "layouts.h"
#include "messages.h"
#include "node_cells.h"

namespace udf::detail::node {

/// Reads the columns of a call, as docs/architecture.md has them; keeps what it had to convert until the call ends.
class InputColumns {
 public:
  InputColumns(napi_env env, Arena& arena) : env_(env), arena_(arena) {}

  Input read(napi_value column, const Field& field, std::int64_t rows, const Place& place) {
    const napi_value mask = property(env_, column, "validity", place);
    const napi_value values = property(env_, column, "values", place);
    Input input{nullptr, read_mask(mask, rows, place), nullptr, rows};
    bool is_array = false;
    check(env_, napi_is_array(env_, values, &is_array));
    if (is_array) return read_values(values, field.type, input, place);
    switch (field.type.kind) {
      case Kind::String:
      case Kind::Bytes:
        input.values = read_texts(values, input, place);
        break;
      case Kind::List:
        read_lists(values, field.type.children[0], input, place);
        break;
      case Kind::Struct:
        read_struct(values, field.type, input, place);
        break;
      case Kind::Decimal:
        input.values = read_decimals(values, field.type, input, place);
        break;
      default:
        input.values = typed_array(env_, values, array_type(field.type.kind), rows, place).data;
        if (field.type.kind == Kind::Bool) input.values = zeros_and_ones(static_cast<const std::uint8_t*>(input.values), rows);
        break;
    }
    return input;
  }

 private:
  /// A mask in words; the array's own memory where it fits.
  const std::uint64_t* read_mask(napi_value value, std::int64_t rows, const Place& place) {
    if (is_nullish(env_, value)) return nullptr;
    const std::size_t bytes = static_cast<std::size_t>((rows + 7) / 8);
    const TypedArray array =
        typed_array(env_, value, napi_uint8_array, static_cast<std::int64_t>(bytes), place.part(", its validity,"));
    const bool aligned = reinterpret_cast<std::uintptr_t>(array.data) % alignof(std::uint64_t) == 0;
    const auto needed = static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t);
    if (aligned && array.length >= needed) return static_cast<const std::uint64_t*>(array.data);
    std::uint64_t* const copy = arena_.mask(rows);
    if (bytes > 0) std::memcpy(copy, array.data, bytes);
    return copy;
  }

  /// C++ reads a list of booleans in place, and a bool is nothing but 0 or 1.
  const void* zeros_and_ones(const std::uint8_t* flags, std::int64_t rows) {
    std::uint8_t all = 0;
    for (std::int64_t row = 0; row < rows; ++row) all |= flags[row];
    if (all <= 1) return flags;
    auto* const clean = arena_.make<std::uint8_t>(static_cast<std::size_t>(rows));
    for (std::int64_t row = 0; row < rows; ++row) clean[row] = flags[row] != 0;
    return clean;
  }

  /// An array of values and nulls; its nulls come on top of the mask.
  Input read_values(napi_value values, const Type& type, const Input& given, const Place& place) {
    std::uint32_t length = 0;
    check(env_, napi_get_array_length(env_, values, &length));
    if (static_cast<std::int64_t>(length) < given.rows) too_short(place, length, given.rows);
    OwnedColumn& column = arena_.column(type, given.rows);
    const CellReader cells(env_, place);
    for (std::int64_t row = 0; row < given.rows; ++row) {
      // each element is a handle, and a scope without an end would keep them all
      const Napi::HandleScope scope(env_);
      napi_value element = nullptr;
      check(env_, napi_get_element(env_, values, static_cast<std::uint32_t>(row), &element));
      cells.read(element, column.output(), row, ValuePath::row(row));
    }
    column.finish();
    for (std::int64_t word = 0; given.validity != nullptr && word < word_count(given.rows); ++word) {
      column.output().validity[word] &= given.validity[word];
    }
    return as_input(column.output(), given.rows, arena_);
  }

  const std::string_view* read_texts(napi_value values, const Input& input, const Place& place) {
    const napi_value entries = property(env_, values, "duckdb", place);
    if (!is_nullish(env_, entries)) {
      const TypedArray array = typed_array(env_, entries, napi_uint8_array, input.rows * 16, place);
      auto* const views = arena_.make<std::string_view>(static_cast<std::size_t>(input.rows));
      view_duckdb_entries(static_cast<const char*>(array.data), input, views);
      return views;
    }
    const TypedArray data =
        typed_array(env_, property(env_, values, "data", place), napi_uint8_array, 0, place.part(", its data,"));
    const auto size = static_cast<std::int64_t>(data.length);
    const std::int32_t* const offsets = offsets_of(values, input.rows, place);
    if (!offsets_are_good(offsets, input.rows, size)) {
      throw UsageError({place.text(), " has offsets that fall or lie outside of its data"});
    }
    return views_of(offsets, static_cast<const char*>(data.data), input.rows, arena_);
  }

  const std::int32_t* offsets_of(napi_value values, std::int64_t rows, const Place& place) {
    const napi_value offsets = property(env_, values, "offsets", place);
    return static_cast<const std::int32_t*>(
        typed_array(env_, offsets, napi_int32_array, rows + 1, place.part(", its offsets,")).data);
  }

  void read_lists(napi_value values, const Field& element, Input& input, const Place& place) {
    std::int64_t count = -1;
    const napi_value elements = property(env_, values, "elements", place);
    if (!read_int64(env_, elements, count) || count < 0 || count > 0x7fffffff) {
      throw UsageError({place.text(), ", its elements, must be from 0 to 2147483647, not ", shown(env_, elements)});
    }
    const napi_value entries = property(env_, values, "duckdb", place);
    if (!is_nullish(env_, entries)) {
      const auto width = static_cast<std::int64_t>(sizeof(ListEntry));
      input.values = typed_array(env_, entries, napi_uint8_array, input.rows * width, place).data;
      check_entries(input, count, place);
    } else {
      input.offsets = offsets_of(values, input.rows, place);
      if (!offsets_are_good(input.offsets, input.rows, count)) {
        throw UsageError({place.text(), " has lists that fall or lie outside of their elements"});
      }
    }
    auto* const child = arena_.make<Input>(1);
    *child = read(property(env_, values, "child", place), element, count, place.part(", its elements,"));
    input.children = child;
  }

  void check_entries(const Input& input, std::int64_t count, const Place& place) {
    const auto* const entries = static_cast<const ListEntry*>(input.values);
    const auto most = static_cast<std::uint64_t>(count);
    for (std::int64_t row = 0; row < input.rows; ++row) {
      if (!is_valid(input.validity, row) || entries[row].count == 0) continue;
      if (entries[row].first > most || entries[row].count > most - entries[row].first) {
        throw UsageError({place.text(), " has lists that fall or lie outside of their elements"});
      }
    }
  }

  void read_struct(napi_value values, const Type& type, Input& input, const Place& place) {
    const napi_value children = property(env_, values, "children", place);
    auto* const fields = arena_.make<Input>(type.children.size());
    for (std::size_t index = 0; index < type.children.size(); ++index) {
      const Place field = place.part("." + type.children[index].name);
      fields[index] = read(element(env_, children, index, field), type.children[index], input.rows, field);
    }
    input.children = fields;
  }

  /// 128 bits for each, or as a DuckDB vector has them: as wide as their digits need.
  const void* read_decimals(napi_value values, const Type& type, const Input& input, const Place& place) {
    bool is_typed = false;
    check(env_, napi_is_typedarray(env_, values, &is_typed));
    if (is_typed) return typed_array(env_, values, napi_bigint64_array, 2 * input.rows, place).data;
    const napi_value duckdb = property(env_, values, "duckdb", place);
    const int width = type.precision <= 4 ? 2 : type.precision <= 9 ? 4 : type.precision <= 18 ? 8 : 16;
    const void* const data = typed_array(env_, duckdb, napi_uint8_array, input.rows * width, place).data;
    switch (width) {
      case 2:
        return widened(static_cast<const std::int16_t*>(data), input.rows);
      case 4:
        return widened(static_cast<const std::int32_t*>(data), input.rows);
      case 8:
        return widened(static_cast<const std::int64_t*>(data), input.rows);
      default:
        return data;
    }
  }

  template <class Narrow>
  const StoredInt128* widened(const Narrow* narrow, std::int64_t rows) {
    auto* const wide = arena_.make<StoredInt128>(static_cast<std::size_t>(rows));
    for (std::int64_t row = 0; row < rows; ++row) wide[row] = StoredInt128::of(narrow[row]);
    return wide;
  }

  napi_env env_;
  Arena& arena_;
};

}  // namespace udf::detail::node
