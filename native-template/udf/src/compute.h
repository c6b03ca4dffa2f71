#pragma once

#include <atomic>
#include <cstdint>

#include "udf/function.h"

namespace udf::detail {

/// What a thread computes; all zero while it computes nothing, and where nobody watches.
struct CurrentCall {
  const Function* function;
  std::int64_t rows;
  /// The row of the batch that the kernel is at, from 0; -1 where that is not known.
  std::int64_t row;
};

extern constinit thread_local CurrentCall current_call;

/// True from the first call of `watch` on. Before, `current_call` is not set: thread-local memory of an object that is
/// loaded late costs up to 100 ns an access.
extern constinit std::atomic<bool> is_watched;

/// Calls a function's kernel; all that a function calls is above this on the stack. Throws RowError.
void compute(const Function& function, const void* state, const Input* inputs, const Output& output, std::int64_t rows);

}  // namespace udf::detail
