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

  /// False when there would be more than `most`, and then nothing is appended.
  bool append(const T* values, std::size_t count, std::size_t most) {
    if (count > capacity_ - size_ && !grow(count, most)) return false;
    if (count > 0) std::memcpy(data() + size_, values, count * sizeof(T));
    size_ += count;
    return true;
  }

  Memory take() { return std::move(memory_); }

 private:
  /// What has room for too many is never given: so whoever appends looks at the room only.
  [[gnu::noinline]] bool grow(std::size_t count, std::size_t most) {
    if (count > most - size_) return false;
    const std::size_t needed = size_ + count;
    const std::size_t twice = 2 * capacity_ < most ? 2 * capacity_ : most;
    move(needed < twice ? twice : needed);
    return true;
  }

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
