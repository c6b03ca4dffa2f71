#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "arrow.h"

namespace laid {

/// An Arrow array laid out by hand. Each buffer ends where its memory ends, so that AddressSanitizer sees a read beside
/// it. `arrow()` connects the parts; what is changed in `schema` and `array` before it is called, stays.
class Array {
 public:
  Array(std::string format, std::int64_t length) : format_(std::move(format)) {
    array.length = length;
    array.null_count = -1;
  }

  Array&& offset(std::int64_t rows) && { return array.offset = rows, std::move(*this); }
  Array&& nulls(std::int64_t count) && { return array.null_count = count, std::move(*this); }
  Array&& named(std::string name) && { return name_ = std::move(name), std::move(*this); }
  /// A buffer that is not there.
  Array&& none() && { return buffers_.push_back({}), std::move(*this); }
  /// A buffer of bits, the first row first: "1101".
  Array&& bits(std::string_view rows) && {
    std::string bytes((rows.size() + 7) / 8, '\0');
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row] == '1') bytes[row / 8] = static_cast<char>(bytes[row / 8] | (1 << (row % 8)));
    }
    return std::move(*this).add(bytes.data(), bytes.size(), 0);
  }
  template <class T>
  Array&& values(std::initializer_list<T> list) && {
    return std::move(*this).add(std::data(list), list.size() * sizeof(T), 0);
  }
  /// Values that begin one byte behind where their type wants to.
  template <class T>
  Array&& odd_values(std::initializer_list<T> list) && {
    return std::move(*this).add(std::data(list), list.size() * sizeof(T), 1);
  }
  Array&& text(std::string_view bytes) && { return std::move(*this).add(bytes.data(), bytes.size(), 0); }
  Array&& child(Array&& inner) && {
    children_.push_back(std::make_unique<Array>(std::move(inner)));
    return std::move(*this);
  }
  Array&& words(Array&& dictionary) && {
    dictionary_ = std::make_unique<Array>(std::move(dictionary));
    return std::move(*this);
  }
  /// Changes what `arrow()` gives, to make it malformed.
  template <class Change>
  Array&& broken(Change change) && {
    change_ = std::move(change);
    return std::move(*this);
  }

  udf::detail::ArrowColumn arrow() {
    for (Buffer& buffer : buffers_) pointers_.push_back(buffer.memory == nullptr ? nullptr : buffer.memory.get() + buffer.begin);
    for (const auto& inner : children_) {
      const auto column = inner->arrow();
      schemas_.push_back(const_cast<ArrowSchema*>(column.schema));
      arrays_.push_back(const_cast<ArrowArray*>(column.array));
    }
    schema.format = format_.c_str();
    schema.name = name_.c_str();
    schema.n_children = array.n_children = static_cast<std::int64_t>(children_.size());
    schema.children = schemas_.data();
    schema.release = [](ArrowSchema*) {};
    array.n_buffers = static_cast<std::int64_t>(pointers_.size());
    array.buffers = pointers_.data();
    array.children = arrays_.data();
    array.release = [](ArrowArray*) {};
    if (dictionary_) {
      const auto column = dictionary_->arrow();
      schema.dictionary = const_cast<ArrowSchema*>(column.schema);
      array.dictionary = const_cast<ArrowArray*>(column.array);
    }
    if (change_) change_(schema, array);
    return {&schema, &array};
  }

 private:
  struct Buffer {
    std::unique_ptr<char[]> memory;
    std::size_t begin = 0;
  };

  Array&& add(const void* bytes, std::size_t size, std::size_t begin) && {
    Buffer buffer{std::make_unique<char[]>(begin + size), begin};
    if (size > 0) std::memcpy(buffer.memory.get() + begin, bytes, size);
    buffers_.push_back(std::move(buffer));
    return std::move(*this);
  }

  ArrowSchema schema{};
  ArrowArray array{};
  std::string format_;
  std::string name_;
  std::vector<Buffer> buffers_;
  std::vector<const void*> pointers_;
  std::vector<std::unique_ptr<Array>> children_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
  std::unique_ptr<Array> dictionary_;
  void (*change_)(ArrowSchema&, ArrowArray&) = nullptr;
};

}  // namespace laid
