#pragma once

#include <cstdint>
#include <cstring>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "messages.h"
#include "node_arrays.h"
#include "node_scalar.h"
#include "texts.h"

namespace udf::detail::node {

/// Reads the columns of a call; keeps what it had to convert until the call ends.
class InputColumns {
 public:
  InputColumns(napi_env env, std::int64_t rows) : env_(env), rows_(rows) {}

  Input read(napi_value column, Type type, const Place& place) {
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
  const std::uint64_t* mask(napi_value value, const Place& place) {
    if (is_nullish(env_, value)) return nullptr;
    const std::size_t bytes = static_cast<std::size_t>((rows_ + 7) / 8);
    const TypedArray array =
        typed_array(env_, value, napi_uint8_array, static_cast<std::int64_t>(bytes), place.part(", its validity,"));
    const std::size_t words = static_cast<std::size_t>(word_count(rows_));
    const bool aligned = reinterpret_cast<std::uintptr_t>(array.data) % alignof(std::uint64_t) == 0;
    if (aligned && array.length >= words * sizeof(std::uint64_t)) return static_cast<const std::uint64_t*>(array.data);
    Words& copy = words_.emplace_front(words);
    if (bytes > 0) std::memcpy(copy.data(), array.data, bytes);
    return copy.data();
  }

  const std::string_view* texts(napi_value values, Input& input, const Place& place) {
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
        typed_array(env_, property(env_, values, "offsets", place), napi_int32_array, rows_ + 1, place.part(", its offsets,"));
    const TypedArray data =
        typed_array(env_, property(env_, values, "data", place), napi_uint8_array, 0, place.part(", its data,"));
    const auto* first = static_cast<const std::int32_t*>(offsets.data);
    if (!view_offsets(first, static_cast<const char*>(data.data), static_cast<std::int64_t>(data.length), views)) {
      throw UsageError({place.text(), " has offsets that fall or lie outside of its data"});
    }
    return views.data();
  }

  /// An array of strings and nulls; its nulls come on top of the mask.
  void read_strings(napi_value values, Input& input, std::vector<std::string_view>& views, const Place& place) {
    std::uint32_t length = 0;
    check(env_, napi_get_array_length(env_, values, &length));
    if (static_cast<std::int64_t>(length) < rows_) {
      too_short(place, length, rows_);
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
      if (!kind.empty()) {
        throw UsageError({place.text(), ", row ", std::to_string(row), ", must be a string, not ", kind});
      }
    }
    input.validity = present.data();
  }

  napi_env env_;
  std::int64_t rows_;
  std::forward_list<Words> words_;
  std::forward_list<std::vector<std::string_view>> views_;
  std::forward_list<Texts> kept_;
};

}  // namespace udf::detail::node
