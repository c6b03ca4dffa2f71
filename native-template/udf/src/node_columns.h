#pragma once

#include <cstdint>
#include <cstring>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "node_host.h"
#include "node_scalar.h"
#include "one_row.h"
#include "texts.h"

namespace udf::detail::node {

/// The memory of a typed array, owned by JavaScript.
struct TypedArray {
  napi_typedarray_type type;
  std::size_t length;
  void* data;
};

inline bool is_nullish(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  check(env, napi_typeof(env, value, &type));
  return type == napi_null || type == napi_undefined;
}

inline bool is_object(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  check(env, napi_typeof(env, value, &type));
  return type == napi_object;
}

/// A property of an object. Throws UsageError when `object` is none.
inline napi_value property(napi_env env, napi_value object, const char* name, const std::string& place) {
  if (!is_object(env, object)) throw UsageError(place + " must be an object, not " + kind_of(env, object));
  napi_value value = nullptr;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

inline const char* array_name(napi_typedarray_type type) {
  switch (type) {
    case napi_uint8_array:
      return "Uint8Array";
    case napi_int32_array:
      return "Int32Array";
    case napi_bigint64_array:
      return "BigInt64Array";
    case napi_float32_array:
      return "Float32Array";
    case napi_float64_array:
      return "Float64Array";
    default:
      return "typed array of another type";
  }
}

/// A typed array of `type` with at least `least` elements. Throws UsageError.
inline TypedArray typed_array(napi_env env, napi_value value, napi_typedarray_type type, std::int64_t least,
                              const std::string& place) {
  TypedArray array{};
  bool is_array = false;
  check(env, napi_is_typedarray(env, value, &is_array));
  if (is_array) {
    check(env, napi_get_typedarray_info(env, value, &array.type, &array.length, &array.data, nullptr, nullptr));
  }
  if (!is_array || array.type != type) {
    throw UsageError(place + " must be a " + array_name(type) + ", not " +
                     (is_array ? std::string("a ") + array_name(array.type) : kind_of(env, value)));
  }
  if (array.length < static_cast<std::size_t>(least)) {
    throw UsageError(place + " has " + std::to_string(array.length) + " elements, and " + std::to_string(least) +
                     " are needed");
  }
  return array;
}

constexpr napi_typedarray_type array_type(Type type) {
  switch (type) {
    case Type::Int32:
      return napi_int32_array;
    case Type::Int64:
      return napi_bigint64_array;
    case Type::Float:
      return napi_float32_array;
    case Type::Double:
      return napi_float64_array;
    case Type::Bool:
    case Type::String:
      break;
  }
  return napi_uint8_array;
}

/// Reads the columns of a call; keeps what it had to convert until the call ends.
class InputColumns {
 public:
  InputColumns(napi_env env, std::int64_t rows) : env_(env), rows_(rows) {}

  Input read(napi_value column, Type type, const std::string& place) {
    Input input;
    input.validity = mask(property(env_, column, "validity", place), place);
    const napi_value values = property(env_, column, "values", place);
    if (type == Type::String) {
      input.values = texts(values, input, place);
    } else {
      input.values = typed_array(env_, values, array_type(type), rows_, place).data;
    }
    return input;
  }

 private:
  using Words = std::vector<std::uint64_t>;

  /// A mask in words; the array's own memory where it fits.
  const std::uint64_t* mask(napi_value value, const std::string& place) {
    if (is_nullish(env_, value)) return nullptr;
    const std::size_t bytes = static_cast<std::size_t>((rows_ + 7) / 8);
    const TypedArray array =
        typed_array(env_, value, napi_uint8_array, static_cast<std::int64_t>(bytes), place + ", its validity,");
    const std::size_t words = static_cast<std::size_t>(word_count(rows_));
    const bool aligned = reinterpret_cast<std::uintptr_t>(array.data) % alignof(std::uint64_t) == 0;
    if (aligned && array.length >= words * sizeof(std::uint64_t)) return static_cast<const std::uint64_t*>(array.data);
    Words& copy = words_.emplace_front(words);
    if (bytes > 0) std::memcpy(copy.data(), array.data, bytes);
    return copy.data();
  }

  const std::string_view* texts(napi_value values, Input& input, const std::string& place) {
    std::vector<std::string_view>& views = views_.emplace_front(static_cast<std::size_t>(rows_));
    bool is_array = false;
    check(env_, napi_is_array(env_, values, &is_array));
    if (is_array) {
      read_strings(values, input, views, place);
      return views.data();
    }
    const napi_value entries = property(env_, values, "duckdb", place);
    if (!is_nullish(env_, entries)) {
      const TypedArray array = typed_array(env_, entries, napi_uint8_array, rows_ * 16, place);
      view_duckdb_entries(static_cast<const char*>(array.data), input.validity, views);
      return views.data();
    }
    const TypedArray offsets =
        typed_array(env_, property(env_, values, "offsets", place), napi_int32_array, rows_ + 1, place + ", its offsets,");
    const TypedArray data =
        typed_array(env_, property(env_, values, "data", place), napi_uint8_array, 0, place + ", its data,");
    const auto* first = static_cast<const std::int32_t*>(offsets.data);
    if (!view_offsets(first, static_cast<const char*>(data.data), static_cast<std::int64_t>(data.length), views)) {
      throw UsageError(place + " has offsets that fall or lie outside of its data");
    }
    return views.data();
  }

  /// An array of strings and nulls; its nulls come on top of the mask.
  void read_strings(napi_value values, Input& input, std::vector<std::string_view>& views, const std::string& place) {
    std::uint32_t length = 0;
    check(env_, napi_get_array_length(env_, values, &length));
    if (static_cast<std::int64_t>(length) < rows_) {
      throw UsageError(place + " has " + std::to_string(length) + " elements, and " + std::to_string(rows_) +
                       " are needed");
    }
    Words& present = words_.emplace_front(static_cast<std::size_t>(word_count(rows_)), ~std::uint64_t{0});
    if (input.validity != nullptr) std::memcpy(present.data(), input.validity, present.size() * sizeof(std::uint64_t));
    Texts& kept = kept_.emplace_front();
    for (std::int64_t row = 0; row < rows_; ++row) {
      // each element is a handle, and a scope without an end would keep them all
      napi_handle_scope scope = nullptr;
      check(env_, napi_open_handle_scope(env_, &scope));
      napi_value element = nullptr;
      check(env_, napi_get_element(env_, values, static_cast<std::uint32_t>(row), &element));
      const auto at = static_cast<std::size_t>(row);
      const bool text = kept.read(env_, element, views[at]);
      const bool null = !text && is_nullish(env_, element);
      const std::string kind = text || null ? "" : kind_of(env_, element);
      check(env_, napi_close_handle_scope(env_, scope));
      if (null) present[at / word_rows] &= ~(std::uint64_t{1} << (at % word_rows));
      if (!kind.empty()) throw UsageError(place + ", row " + std::to_string(row) + ", must be a string, not " + kind);
    }
    input.validity = present.data();
  }

  napi_env env_;
  std::int64_t rows_;
  std::forward_list<Words> words_;
  std::forward_list<std::vector<std::string_view>> views_;
  std::forward_list<Texts> kept_;
};

/// The columns that a result is written to: JavaScript's own memory.
class OutputColumns {
 public:
  OutputColumns(napi_env env, const Function& function, std::int64_t rows, napi_value output)
      : env_(env), function_(function), rows_(rows) {
    const std::string place = function.name + "(): output";
    output_.validity = mask(property(env, output, "validity", place), place + ".validity");
    const napi_value leaves = property(env, output, "leaves", place);
    leaves_.resize(function.leaves.size());
    handles_.resize(function.leaves.size());
    texts_.reserve(function.leaves.size());
    for (std::size_t index = 0; index < leaves_.size(); ++index) {
      check(env, napi_get_element(env, leaves, static_cast<std::uint32_t>(index), &handles_[index]));
      read_leaf(index, place + ".leaves[" + std::to_string(index) + "]");
    }
    output_.leaves = leaves_.data();
  }

  const Output& get() const { return output_; }

  /// Gives the texts to JavaScript: `offsets` and `data` of their leaves.
  void finish() {
    for (std::size_t index = 0; index < leaves_.size(); ++index) {
      const TextOutput* text = leaves_[index].text;
      if (text == nullptr) continue;
      const auto& offsets = text->offsets();
      set_array(handles_[index], "offsets", napi_int32_array, offsets.data(), offsets.size(), sizeof(std::int32_t));
      set_array(handles_[index], "data", napi_uint8_array, text->bytes().data(), text->bytes().size(), 1);
    }
  }

 private:
  void read_leaf(std::size_t index, const std::string& place) {
    const Field& field = function_.leaves[index];
    Leaf& leaf = leaves_[index];
    const napi_value validity = property(env_, handles_[index], "validity", place);
    if (field.nullable || !is_nullish(env_, validity)) leaf.validity = mask(validity, place + ".validity");
    if (field.type == Type::String) {
      leaf.text = &texts_.emplace_back(rows_);
    } else {
      const napi_value values = property(env_, handles_[index], "values", place);
      leaf.values = typed_array(env_, values, array_type(field.type), rows_, place + ".values").data;
    }
  }

  std::uint64_t* mask(napi_value value, const std::string& place) {
    const std::int64_t bytes = word_count(rows_) * static_cast<std::int64_t>(sizeof(std::uint64_t));
    void* const data = typed_array(env_, value, napi_uint8_array, bytes, place).data;
    if (reinterpret_cast<std::uintptr_t>(data) % alignof(std::uint64_t) != 0) {
      throw UsageError(place + " must begin at a multiple of 8 bytes of its buffer");
    }
    return static_cast<std::uint64_t*>(data);
  }

  void set_array(napi_value object, const char* name, napi_typedarray_type type, const void* values, std::size_t length,
                 std::size_t size) {
    void* memory = nullptr;
    napi_value buffer = nullptr;
    napi_value array = nullptr;
    check(env_, napi_create_arraybuffer(env_, length * size, &memory, &buffer));
    if (length > 0) std::memcpy(memory, values, length * size);
    check(env_, napi_create_typedarray(env_, type, length, buffer, 0, &array));
    check(env_, napi_set_named_property(env_, object, name, array));
  }

  napi_env env_;
  const Function& function_;
  std::int64_t rows_;
  Output output_;
  std::vector<Leaf> leaves_;
  std::vector<napi_value> handles_;
  std::vector<TextOutput> texts_;
};

/// `columns(index, rows, inputs, output)`: the number of null rows.
inline napi_value columns(napi_env env, napi_callback_info info) {
  napi_value values[4];
  std::size_t count = 4;
  check(env, napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
  if (count < 4) throw UsageError("columns() takes an index, a number of rows, inputs and an output");
  std::int64_t index = -1;
  std::int64_t rows = -1;
  read_int64(env, values[0], index);
  const Function& function = Registry::get().function(index);
  if (!read_int64(env, values[1], rows) || rows < 0 || rows > 0x7fffffff) {
    throw UsageError(function.name + "(): rows must be from 0 to 2147483647, not " + shown(env, values[1]));
  }
  bool is_array = false;
  check(env, napi_is_array(env, values[2], &is_array));
  if (!is_array) throw UsageError(function.name + "(): inputs must be an array, not " + kind_of(env, values[2]));
  std::uint32_t given = 0;
  check(env, napi_get_array_length(env, values[2], &given));
  check_count(function, given);
  InputColumns reader(env, rows);
  Input inputs[OneRow::most_arguments];
  for (std::uint32_t at = 0; at < given; ++at) {
    napi_value column = nullptr;
    check(env, napi_get_element(env, values[2], at, &column));
    inputs[at] = reader.read(column, function.arguments[at].type, argument_place(function, at));
  }
  OutputColumns writer(env, function, rows, values[3]);
  const std::int64_t nulls = run(function, inputs, writer.get(), rows);
  writer.finish();
  napi_value result = nullptr;
  check(env, napi_create_int64(env, nulls, &result));
  return result;
}

}  // namespace udf::detail::node
