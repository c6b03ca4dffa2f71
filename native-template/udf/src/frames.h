#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace udf::detail {

/// Where a thread was: the addresses of calls in this object, innermost first, relative to where the object is loaded,
/// as `addr2line` takes them. Frames of the host and of other libraries are left out. Never allocates.
class Frames {
 public:
  static constexpr std::size_t most = 24;

  const std::uint64_t* begin() const { return addresses_.data(); }
  const std::uint64_t* end() const { return addresses_.data() + count_; }
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == most; }
  void clear() { count_ = 0; }

  /// Takes an address if it lies in this object and there is room.
  void add(std::uintptr_t address);

  /// Takes the calls from here up to that of the function which begins at `until`.
  void walk(std::uintptr_t until);

  /// In a signal handler: takes the calls of what was interrupted.
  void walk_interrupted();

 private:
  std::array<std::uint64_t, most> addresses_{};
  std::size_t count_ = 0;
};

}  // namespace udf::detail
