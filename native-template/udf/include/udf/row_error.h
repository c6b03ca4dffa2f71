#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace udf::detail {

/// What a function threw, where, and at which row of its batch (from 0).
class RowError : public std::exception {
 public:
  RowError(std::int64_t row, std::string message, std::vector<std::uint64_t> frames, int signal = 0)
      : row_(row), message_(std::move(message)), frames_(std::move(frames)), signal_(signal) {}

  /// -1 for a call of one row, which is in no batch, and where it is not known.
  std::int64_t row() const { return row_; }
  const std::string& function() const { return function_; }
  const char* what() const noexcept override { return message_.c_str(); }
  /// The calls that led to the throw, innermost first: addresses relative to where this object is loaded.
  const std::vector<std::uint64_t>& frames() const { return frames_; }
  /// What a copy of the process died of, see `guard` in src/guard.h; 0 for an exception.
  int signal() const { return signal_; }

  void set_function(const std::string& name) { function_ = name; }
  void leave_batch() { row_ = -1; }

 private:
  std::int64_t row_;
  std::string function_;
  std::string message_;
  std::vector<std::uint64_t> frames_;
  int signal_;
};

/// Turns the exception in flight into a RowError; call it in a catch block only.
[[noreturn, gnu::cold]] void rethrow_as_row_error(std::int64_t row);

}  // namespace udf::detail
