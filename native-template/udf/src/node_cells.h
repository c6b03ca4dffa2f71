#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "node_value.h"
#include "udf/owned_column.h"
#include "value_path.h"

namespace udf::detail::node {

/// Reads JavaScript values of any type into a column of an Arena, as whole rows of it.
class CellReader {
 public:
  CellReader(napi_env env, const Place& place) : env_(env), place_(place) {}

  /// Writes a value, or null, into row `row`. Throws UsageError.
  void read(napi_value value, const Output& column, std::int64_t row, const ValuePath& path = whole_value) const {
    if (read_present(value, column, row, path)) return set_valid(column.validity, row);
    napi_valuetype kind = napi_undefined;
    check(env_, napi_typeof(env_, value, &kind));
    if (kind != napi_null) refuse(value, expected(*column.type), path);
  }

 private:
  bool read_present(napi_value value, const Output& column, std::int64_t row, const ValuePath& path) const {
    switch (column.type->kind) {
      case Kind::String:
        return read_text(value, *column.text, row);
      case Kind::Bytes: {
        std::string_view bytes;
        if (!read_bytes(env_, value, bytes)) return false;
        column.text->write(row, bytes);
        return true;
      }
      case Kind::List:
        return read_list(value, *column.list, row, path);
      case Kind::Struct:
        return read_struct(value, column, row, path);
      default: {
        Slot slot;
        if (!read_flat(env_, value, *column.type, slot)) return false;
        const std::size_t width = width_of(column.type->kind);
        std::memcpy(static_cast<char*>(column.values) + static_cast<std::size_t>(row) * width, &slot, width);
        return true;
      }
    }
  }

  bool read_text(napi_value value, TextOutput& output, std::int64_t row) const {
    Texts texts;
    std::string_view text;
    if (!texts.read(env_, value, text)) return false;
    output.write(row, text);
    return true;
  }

  bool read_list(napi_value value, ListOutput& output, std::int64_t row, const ValuePath& path) const {
    bool is_array = false;
    check(env_, napi_is_array(env_, value, &is_array));
    if (!is_array) return read_typed(value, output, row, path);
    std::uint32_t count = 0;
    check(env_, napi_get_array_length(env_, value, &count));
    const std::int64_t first = output.add(row, count);
    for (std::uint32_t index = 0; index < count; ++index) {
      // each element is a handle, and a scope without an end would keep them all
      const Napi::HandleScope scope(env_);
      napi_value element = nullptr;
      check(env_, napi_get_element(env_, value, index, &element));
      read(element, output.output(), first + index, path.element(index));
    }
    return true;
  }

  bool read_typed(napi_value value, ListOutput& output, std::int64_t row, const ValuePath& path) const {
    bool is_typed = false;
    check(env_, napi_is_typedarray(env_, value, &is_typed));
    const Kind kind = output.output().type->kind;
    const bool has_array = is_flat(kind) && kind != Kind::Bool && kind != Kind::Decimal && kind != Kind::Date;
    if (!is_typed || !has_array) return false;
    TypedArray array{};
    check(env_, napi_get_typedarray_info(env_, value, &array.type, &array.length, &array.data, nullptr, nullptr));
    if (array.type != array_type(kind)) {
      refuse(value, "an array or a " + array_name(array_type(kind)), path);
    }
    const std::int64_t first = output.add(row, array.length);
    const Output& elements = output.output();
    const std::size_t width = width_of(kind);
    if (array.length > 0) {
      std::memcpy(static_cast<char*>(elements.values) + static_cast<std::size_t>(first) * width, array.data, array.length * width);
    }
    for (std::size_t index = 0; index < array.length; ++index) {
      set_valid(elements.validity, first + static_cast<std::int64_t>(index));
    }
    return true;
  }

  bool read_struct(napi_value value, const Output& column, std::int64_t row, const ValuePath& path) const {
    if (!is_object(env_, value)) return false;
    for (std::size_t index = 0; index < column.type->children.size(); ++index) {
      const std::string& name = column.type->children[index].name;
      napi_value field = nullptr;
      check(env_, napi_get_named_property(env_, value, name.c_str(), &field));
      read(field, column.children[index], row, path.member(name));
    }
    return true;
  }

  [[noreturn, gnu::cold]] void refuse(napi_value value, const std::string& wanted, const ValuePath& path) const {
    throw UsageError({place_.text(), path.text(), " must be ", wanted, ", not ", shown(env_, value)});
  }

  napi_env env_;
  Place place_;
};

inline napi_value null_value(napi_env env) {
  napi_value made = nullptr;
  check(env, napi_get_null(env, &made));
  return made;
}

napi_value make_cell(napi_env env, const Output& column, std::int64_t row);

inline napi_value make_list(napi_env env, const ListOutput& list, std::int64_t row) {
  const Output& elements = list.output();
  const auto first = list.offsets()[static_cast<std::size_t>(row)];
  const auto count = static_cast<std::uint32_t>(list.offsets()[static_cast<std::size_t>(row) + 1] - first);
  const Kind kind = elements.type->kind;
  if (is_flat(kind) && kind != Kind::Bool && kind != Kind::Decimal && kind != Kind::Date && elements.validity == nullptr) {
    const std::size_t width = width_of(kind);
    const char* const values = static_cast<const char*>(elements.values) + static_cast<std::size_t>(first) * width;
    return make_typed_array(env, array_type(kind), values, count, width);
  }
  napi_value array = nullptr;
  check(env, napi_create_array_with_length(env, count, &array));
  for (std::uint32_t index = 0; index < count; ++index) {
    check(env, napi_set_element(env, array, index, make_cell(env, elements, first + static_cast<std::int32_t>(index))));
  }
  return array;
}

inline napi_value make_struct(napi_env env, const Output& column, std::int64_t row) {
  napi_value object = nullptr;
  check(env, napi_create_object(env, &object));
  for (std::size_t index = 0; index < column.type->children.size(); ++index) {
    const napi_value value = make_cell(env, column.children[index], row);
    check(env, napi_set_named_property(env, object, column.type->children[index].name.c_str(), value));
  }
  return object;
}

/// Row `row` of a finished column as a JavaScript value.
inline napi_value make_cell(napi_env env, const Output& column, std::int64_t row) {
  if (!is_valid(column.validity, row)) return null_value(env);
  if (column.type->kind == Kind::List) return make_list(env, *column.list, row);
  if (column.type->kind == Kind::Struct) return make_struct(env, column, row);
  if (column.text == nullptr) return make_flat(env, column, row);
  const auto at = static_cast<std::size_t>(row);
  const auto& offsets = column.text->offsets();
  const char* const text = column.text->bytes().data() + offsets[at];
  const auto length = static_cast<std::size_t>(offsets[at + 1] - offsets[at]);
  if (column.type->kind == Kind::Bytes) return make_typed_array(env, napi_uint8_array, text, length, 1);
  napi_value made = nullptr;
  check(env, napi_create_string_utf8(env, text, length, &made));
  return made;
}

}  // namespace udf::detail::node
