#pragma once

#include <csignal>
#include <string_view>

namespace udf::detail {

/// `SIGSEGV`; empty for a signal that is no crash. Async-signal-safe, as all here.
std::string_view signal_name(int signal);

/// What the processor or the kernel found wrong, in words: `a null pointer was used`. `context` is the handler's third
/// argument.
std::string_view fault_cause(int signal, const siginfo_t& info, const void* context);

/// From now on the cause of a crash by std::terminate() says which exception it was.
void note_terminate();

}  // namespace udf::detail
