#include "frames.h"

#include <unwind.h>

// Begin and end of this object's code, from the linker.
extern "C" {
[[gnu::visibility("hidden")]] extern const char __ehdr_start[];
[[gnu::visibility("hidden")]] extern const char etext[];
}

namespace udf::detail {
namespace {

struct Walk {
  Frames& frames;
  /// Zero in a signal handler.
  std::uintptr_t until;
};

_Unwind_Reason_Code take_frame(_Unwind_Context* context, void* data) {
  const auto* const walk = static_cast<const Walk*>(data);
  if (walk->until != 0 && _Unwind_GetRegionStart(context) == walk->until) return _URC_NORMAL_STOP;
  int interrupted = 0;
  const std::uintptr_t next = _Unwind_GetIPInfo(context, &interrupted);
  if (interrupted != 0) walk->frames.clear();  // until here it was the handler
  // a return address may be the next line's, or even the next function's
  walk->frames.add(interrupted != 0 ? next : next - 1);
  return walk->frames.full() ? _URC_NORMAL_STOP : _URC_NO_REASON;
}

}  // namespace

void Frames::add(std::uintptr_t address) {
  const auto first = reinterpret_cast<std::uintptr_t>(__ehdr_start);
  const auto last = reinterpret_cast<std::uintptr_t>(etext);
  if (!full() && address >= first && address < last) addresses_[count_++] = address - first;
}

void Frames::walk(std::uintptr_t until) {
  Walk walk{*this, until};
  _Unwind_Backtrace(&take_frame, &walk);
}

void Frames::walk_interrupted() { walk(0); }

}  // namespace udf::detail
