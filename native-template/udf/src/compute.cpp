#include "compute.h"

namespace udf::detail {
namespace {

/// Says what this thread computes, for as long as it lives.
class Noted {
 public:
  Noted(const Function& function, std::int64_t rows) : before_(current_call) { current_call = {&function, rows, -1}; }
  ~Noted() {
    current_call.function->watched.rows.fetch_add(current_call.rows, std::memory_order_relaxed);
    current_call = before_;
  }
  Noted(const Noted&) = delete;
  Noted& operator=(const Noted&) = delete;

 private:
  const CurrentCall before_;
};

}  // namespace

constinit thread_local CurrentCall current_call{};
constinit std::atomic<bool> is_watched{false};

[[gnu::noinline]] void compute(const Function& function, const void* state, const Input* inputs, const Output& output,
                               std::int64_t rows) {
  if (is_watched.load(std::memory_order_relaxed)) {
    const Noted noted(function, rows);
    const Rehearsal rehearse = function.watched.rehearsal.load(std::memory_order_relaxed);
    if (rehearse != nullptr) rehearse(function, state, inputs, output, rows);
    function.kernel(state, inputs, output, rows, &current_call.row);
  } else {
    function.kernel(state, inputs, output, rows, nullptr);
  }
  __asm__ volatile("");  // so that the calls above return here: a jump would leave no frame on the stack
}

}  // namespace udf::detail
