#pragma once

#include <cstdint>
#include <cstring>
#include <forward_list>
#include <vector>

#include "messages.h"
#include "node_arrays.h"

namespace udf::detail::node {

/// The columns that a result is written to: JavaScript's own memory.
class OutputColumns {
 public:
  OutputColumns(napi_env env, const Function& function, std::int64_t rows, napi_value output)
      : env_(env), function_(function), rows_(rows) {
    const Place place = Place::output(function);
    output_.validity = mask(property(env, output, "validity", place), place.part(".validity"));
    const napi_value leaves = property(env, output, "leaves", place);
    leaves_.resize(function.leaves.size());
    handles_.resize(function.leaves.size());
    for (std::size_t index = 0; index < leaves_.size(); ++index) {
      check(env, napi_get_element(env, leaves, static_cast<std::uint32_t>(index), &handles_[index]));
      read_leaf(index, place.leaf(index));
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
  void read_leaf(std::size_t index, const Place& place) {
    const Field& field = function_.leaves[index];
    Leaf& leaf = leaves_[index];
    leaf = {nullptr, nullptr, nullptr};
    const napi_value validity = property(env_, handles_[index], "validity", place);
    if (field.nullable || !is_nullish(env_, validity)) leaf.validity = mask(validity, place.part(".validity"));
    if (field.type == Type::String) {
      leaf.text = &texts_.emplace_front(rows_);
    } else {
      const napi_value values = property(env_, handles_[index], "values", place);
      leaf.values = typed_array(env_, values, array_type(field.type), rows_, place.part(".values")).data;
    }
  }

  std::uint64_t* mask(napi_value value, const Place& place) {
    const std::int64_t bytes = word_count(rows_) * static_cast<std::int64_t>(sizeof(std::uint64_t));
    void* const data = typed_array(env_, value, napi_uint8_array, bytes, place).data;
    if (reinterpret_cast<std::uintptr_t>(data) % alignof(std::uint64_t) != 0) {
      throw UsageError({place.text(), " must begin at a multiple of 8 bytes of its buffer"});
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
  std::forward_list<TextOutput> texts_;
};

}  // namespace udf::detail::node
