// What a signal means. Codes of `si_code`: sigaction(2).

#include "fault.h"

#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>

namespace udf::detail {
namespace {

/// Why std::terminate() was called: text without an end, as long as `length` says.
struct Terminated {
  std::array<char, 240> text;
  std::atomic<std::size_t> length{0};

  void add(std::string_view more) {
    const std::size_t begin = length.load();
    const std::size_t count = std::min(more.size(), text.size() - begin);
    std::copy_n(more.data(), count, text.data() + begin);
    length.store(begin + count);
  }
};
constinit Terminated terminated{};
constinit std::atomic<std::terminate_handler> handler_before{nullptr};

void on_terminate() {
  if (std::current_exception() == nullptr) {
    terminated.add("std::terminate() was called, as by a std::thread that was not joined");
  } else {
    terminated.add("an exception left a noexcept function or a thread");
    try {
      throw;
    } catch (const std::exception& error) {
      terminated.add(": ");
      terminated.add(error.what());
    } catch (...) {
      // it has no text
    }
  }
  if (const std::terminate_handler before = handler_before.load(); before != nullptr) before();
  std::abort();
}

std::uintptr_t stack_pointer(const void* context) {
  const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(machine.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return static_cast<std::uintptr_t>(machine.sp);
#else
  return 0;
#endif
}

std::string_view segment_fault(const siginfo_t& info, const void* context) {
  /// No object lies in the first pages; a member of a null pointer's object does.
  constexpr std::uintptr_t null_pages = 64 * 1024;
  /// A frame of a function with large local arrays may begin so far below the stack pointer, or end so far above it.
  constexpr std::uintptr_t largest_frame = 1024 * 1024;
  // an address that the processor refuses as such is not given
  if (info.si_code == SI_KERNEL) return "an address was used that cannot exist, as of a dangling or random pointer";
  const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  if (address < null_pages) return "a null pointer was used";
  const std::uintptr_t stack = stack_pointer(context);
  if (address + largest_frame > stack && address < stack + largest_frame) {
    return "the stack is used up, as by a recursion without an end";
  }
  if (info.si_code == SEGV_ACCERR) return "memory was used in a way that it does not allow, as writing to a constant";
  return "memory was used that is not there, as outside of an array or after it was freed";
}

}  // namespace

std::string_view signal_name(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGABRT:
      return "SIGABRT";
    default:
      return "";
  }
}

std::string_view fault_cause(int signal, const siginfo_t& info, const void* context) {
  const bool sent = info.si_code <= 0;  // by raise(), abort() or another process
  // the host's own handler, such as Python's faulthandler, hands a fault on by raise(), without its address
  const bool handed_on = sent && info.si_pid == getpid();
  if (sent && !handed_on && signal != SIGABRT) return "the signal was sent to the process";
  switch (signal) {
    case SIGSEGV:
      if (handed_on) return "memory was used that is not there, or the stack is used up";
      return segment_fault(info, context);
    case SIGBUS:
      return "memory was used that has no page behind it, as of a mapped file that has become shorter";
    case SIGFPE:
      return "a whole number was divided by zero, or the smallest one by -1";
    case SIGILL:
      return "an instruction does not exist, as where the compiler has put a trap";
    case SIGABRT:
      if (const std::size_t length = terminated.length.load(); length > 0) return {terminated.text.data(), length};
      return "abort() was called, as by a broken heap or an assertion";
    default:
      return "";
  }
}

void note_terminate() { handler_before.store(std::set_terminate(&on_terminate)); }

}  // namespace udf::detail
