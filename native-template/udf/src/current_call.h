#pragma once

#include <cstdint>

#include "udf/function.h"

namespace udf::detail {

/// What a thread computes; all zero while it computes nothing.
struct CurrentCall {
  const Function* function;
  std::int64_t rows;
  /// An address in the stack frame that called the kernel.
  std::uintptr_t stack;
};

extern constinit thread_local CurrentCall current_call;

/// Says what this thread computes, for as long as it lives.
class CallScope {
 public:
  CallScope(const Function& function, std::int64_t rows, void* stack) : call_(current_call), before_(call_) {
    call_ = {&function, rows, reinterpret_cast<std::uintptr_t>(stack)};
  }
  ~CallScope() { call_ = before_; }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  CurrentCall& call_;
  const CurrentCall before_;
};

}  // namespace udf::detail
