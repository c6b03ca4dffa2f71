#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace udf {

/// Why a row has no result. It remembers where it was made.
class Error {
 public:
  [[gnu::noinline]] explicit Error(std::string message);

  const std::string& message() const { return message_; }
  /// An address in this object's code, as `addr2line` takes it; 0 where it is not known.
  std::uint64_t address() const { return address_; }

 private:
  std::string message_;
  std::uint64_t address_;
};

/// A result, or the error of its row, for code that does not throw: `return udf::Error("no such airport");`.
template <class T>
class Result {
 public:
  using Value = T;

  template <class From>
    requires(std::is_convertible_v<From, T> && !std::is_same_v<std::remove_cvref_t<From>, Error>)
  Result(From&& value) : held_(std::in_place_index<0>, std::forward<From>(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return held_.index() == 0; }
  /// Call it only where there is a value.
  const T& operator*() const { return *std::get_if<0>(&held_); }
  /// Null where there is a value.
  const Error* error() const { return std::get_if<1>(&held_); }

 private:
  std::variant<T, Error> held_;
};

namespace detail {

/// What a function gives where all goes well.
template <class T>
struct Outcome {
  static constexpr bool can_fail = false;
  using Value = T;
};
template <class T>
struct Outcome<udf::Result<T>> {
  static constexpr bool can_fail = true;
  using Value = T;
};

}  // namespace detail
}  // namespace udf
