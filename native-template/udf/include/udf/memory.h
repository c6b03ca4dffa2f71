#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>

namespace udf::detail {

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};

/// Memory as Arrow recommends it: 64-byte aligned, and its size a multiple of 64.
using Memory = std::unique_ptr<void, FreeMemory>;
Memory allocate(std::size_t bytes);

/// Values that grow in number while a column is written, in memory that can be handed over; new ones hold anything.
template <class T>
class Growing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit Growing(std::size_t size) : memory_(allocate(size * sizeof(T))), size_(size), capacity_(size) {}

  std::size_t size() const { return size_; }
  T* data() { return static_cast<T*>(memory_.get()); }
  const T* data() const { return static_cast<const T*>(memory_.get()); }
  std::span<const T> all() const { return {data(), size_}; }

  void resize(std::size_t size) {
    if (size > capacity_) move(size < 2 * capacity_ ? 2 * capacity_ : size);
    size_ = size;
  }

  void append(const T* values, std::size_t count) {
    const std::size_t before = size_;
    resize(before + count);
    if (count > 0) std::memcpy(data() + before, values, count * sizeof(T));
  }

  Memory take() { return std::move(memory_); }

 private:
  void move(std::size_t capacity) {
    Memory larger = allocate(capacity * sizeof(T));
    if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_ * sizeof(T));
    memory_ = std::move(larger);
    capacity_ = capacity;
  }

  Memory memory_;
  std::size_t size_;
  std::size_t capacity_;
};

}  // namespace udf::detail
