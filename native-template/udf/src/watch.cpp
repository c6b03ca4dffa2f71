// Tells where a function crashed or ended the process, or where it is when it is asked. Everything from `on_crash` and
// `on_question` on runs in a signal handler, in a process whose memory may be broken: no allocation, no locks, nothing but
// system calls and the unwinder.

#include "watch.h"

#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "compute.h"
#include "fault.h"
#include "frames.h"
#include "runtime.h"
#include "udf/module.h"

/// Of a sanitizer's runtime; null without one.
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace udf::detail {
namespace {

constexpr std::array crash_signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
/// Asks a watched process where it is.
constexpr int question = SIGUSR2;

/// What `watch` sets up, for the handlers.
struct Watch {
  std::atomic<int> file{-1};
  /// Crashes are told on standard error too.
  std::atomic<bool> aloud{false};
  /// The thread that called `watch`: only there it is certain that thread-local memory is there already.
  std::atomic<long> thread{0};
  /// A copy of this process that computes while this one waits; 0 for none.
  std::atomic<int> copy{0};
  /// Null but in such a copy.
  std::atomic<Crash*> told{nullptr};
  std::array<struct sigaction, crash_signals.size()> before;
  struct sigaction before_question;
  bool installed = false;
};
constinit Watch watching{};

/// Text in a buffer that is long enough for a report with a name of 512 characters; the rest would be cut.
class Report {
 public:
  Report& text(std::string_view text) {
    for (const char c : text) {
      if (size_ < sizeof buffer_) buffer_[size_++] = c;
    }
    return *this;
  }

  /// As JSON has it between quotes.
  Report& quoted(std::string_view text) {
    for (const char c : text) {
      if (c == '"' || c == '\\') this->text("\\");
      const bool is_control = static_cast<unsigned char>(c) < ' ';
      this->text(is_control ? std::string_view(" ") : std::string_view(&c, 1));
    }
    return *this;
  }

  Report& number(std::uint64_t number) {
    char digits[20];
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    while (count > 0) text({&digits[--count], 1});
    return *this;
  }

  Report& field(std::string_view name, std::int64_t value) {
    return text(",\"").text(name).text("\":").number(static_cast<std::uint64_t>(value));
  }

  void write_to(int file) const {
    std::size_t done = 0;
    while (done < size_) {
      const ssize_t written = ::write(file, buffer_ + done, size_ - done);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // nobody could be told
      done += static_cast<std::size_t>(written);
    }
  }

 private:
  char buffer_[2048];
  std::size_t size_ = 0;
};

/// Why there is a report: `number` is of a signal, or an exit code.
struct Reason {
  std::string_view kind;
  int number;
  std::string_view cause;
};

/// One line; names are identifiers.
void write_report(const Reason& reason, const CurrentCall& call, const Frames& frames) {
  Report report;
  report.text("{\"module\":\"").text(module_name).text("\"").field(reason.kind, reason.number);
  if (!reason.cause.empty()) report.text(",\"cause\":\"").quoted(reason.cause).text("\"");
  if (call.function != nullptr) {
    const std::string_view name = call.function->name;
    report.text(",\"function\":\"").text(name.substr(0, 512)).text("\"").field("rows", call.rows);
    if (call.row >= 0) report.field("row", call.row);
    report.field("rowsBefore", call.function->watched.rows.load(std::memory_order_relaxed));
  }
  report.text(",\"frames\":[");
  for (const std::uint64_t& frame : frames) report.text(&frame == frames.begin() ? "" : ",").number(frame);
  report.text("]}\n").write_to(watching.file.load());
  if (watching.aloud.load()) report.write_to(STDERR_FILENO);
}

/// Where the thread was when the signal came.
std::uintptr_t interrupted_at(const void* context) {
  const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  const auto next = static_cast<std::uintptr_t>(machine.gregs[REG_RIP]);
  // a call of a null pointer to a function: the caller is on the stack, and the unwinder does not find it
  if (next == 0) return *reinterpret_cast<const std::uintptr_t*>(machine.gregs[REG_RSP]) - 1;
#elif defined(__aarch64__)
  const auto next = static_cast<std::uintptr_t>(machine.pc);
  if (next == 0) return static_cast<std::uintptr_t>(machine.regs[30]) - 1;
#else
  const std::uintptr_t next = 0;
#endif
  return next;
}

std::size_t index_of(int signal) {
  std::size_t index = 0;
  while (crash_signals[index] != signal) ++index;
  return index;
}

bool on_watched_thread() { return syscall(SYS_gettid) == watching.thread.load(); }

/// For a process that waits for this one.
void tell_other(Crash& told, std::int64_t row, std::string_view cause, const Frames& frames) {
  told.row = row;
  told.length = std::min(cause.size(), told.text.size());
  std::memcpy(told.text.data(), cause.data(), told.length);
  told.frames = frames;
}

/// False when nothing of this object was on the stack.
bool tell(int signal, std::string_view cause, const void* context) {
  const CurrentCall call = on_watched_thread() ? current_call : CurrentCall{};
  Crash* const told = signal == question ? nullptr : watching.told.load();
  const auto say = [&](const Frames& frames) {
    if (told == nullptr) {
      write_report({"signal", signal, cause}, call, frames);
    } else {
      tell_other(*told, call.row, cause, frames);
    }
  };
  Frames innermost;
  innermost.add(interrupted_at(context));
  // the walk may meet broken memory and end the process, so what is certain is written before
  if (call.function != nullptr || !innermost.empty()) say(innermost);
  Frames frames;
  frames.walk_interrupted();
  if (frames.empty()) return call.function != nullptr || !innermost.empty();
  say(frames);
  return true;
}

void hand_on(const struct sigaction& before, int signal, siginfo_t* info, void* context) {
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else {
    before.sa_handler(signal);
  }
}

bool has_handler(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
}

void send(int signal, long thread) { syscall(SYS_tgkill, getpid(), thread, signal); }

void install(int signal);

void on_crash(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  const struct sigaction& before = watching.before[index_of(signal)];
  sigaction(signal, &before, nullptr);
  const bool ours = tell(signal, fault_cause(signal, *info, context), context);
  if (!ours && has_handler(before)) {
    // the host's own affair, which may go on: V8 uses SIGSEGV for WebAssembly
    install(signal);
    errno = error;
    hand_on(before, signal, info, context);
    return;
  }
  // a fault comes again by itself when the handler returns; what was sent must be sent again
  if (info->si_code <= 0) send(signal, syscall(SYS_gettid));
  errno = error;
}

/// A function that calls std::exit() would wait for ever for threads of the host, which wait for the function. This runs
/// before what the host has to do at its end.
void on_exit_call(int code, void*) {
  const bool watched = on_watched_thread();
  if (watched && current_call.function == nullptr) return;  // the host's own end
  const CurrentCall call = watched ? current_call : CurrentCall{};
  Frames frames;
  frames.walk(0);
  if (Crash* const told = watching.told.load(); told != nullptr) {
    tell_other(*told, call.row, "exit() was called", frames);
  } else {
    write_report({"exit", code & 0xff, ""}, call, frames);
    std::fflush(nullptr);
  }
  _exit(code);
}

/// A sanitizer has found a mistake, has said so, and ends the process.
void on_sanitizer_end() {
  if (!on_watched_thread()) return;
  Frames frames;
  frames.walk(0);
  write_report({"sanitizer", 1, ""}, current_call, frames);
}

void on_question(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  const int copy = watching.copy.load();
  if (!on_watched_thread()) {
    send(signal, watching.thread.load());  // the kernel gives it to any thread
  } else if (copy > 0) {
    kill(copy, signal);
  } else {
    if (current_call.function != nullptr) tell(signal, "", context);
    if (has_handler(watching.before_question)) hand_on(watching.before_question, signal, info, context);
  }
  errno = error;
}

struct sigaction action_of(void (*handler)(int, siginfo_t*, void*), int more_flags) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | more_flags;
  sigemptyset(&action.sa_mask);
  return action;
}

void install(int signal) {
  const struct sigaction action = action_of(&on_crash, 0);
  sigaction(signal, &action, nullptr);
}

/// Gives this thread a stack for signals that has room for the unwinder; it stays for as long as the process.
void set_signal_stack() {
  constexpr std::size_t size = 64 * 1024;
  stack_t now = {};
  sigaltstack(nullptr, &now);
  if ((now.ss_flags & SS_DISABLE) == 0 && now.ss_size >= size) return;
  void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  const stack_t stack = {memory, 0, size};
  sigaltstack(&stack, nullptr);
}

}  // namespace

void watch(const std::string& path, bool aloud) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw UsageError({"watch(): ", path, " cannot be written: ", std::strerror(errno)});
  set_signal_stack();
  Frames().walk_interrupted();  // the unwinder looks up what it needs at its first use
  watching.thread.store(syscall(SYS_gettid));
  const int before = watching.file.exchange(file);
  if (before >= 0) close(before);
  watching.aloud.store(aloud);
  const Registry& registry = Registry::get();
  for (std::size_t index = 0; index < registry.size(); ++index) {
    registry.function(static_cast<std::int64_t>(index)).watched.rows.store(0);
  }
  if (watching.installed) return;
  watching.installed = true;
  is_watched.store(true);
  note_terminate();
  on_exit(&on_exit_call, nullptr);
  for (const int signal : crash_signals) {
    sigaction(signal, nullptr, &watching.before[index_of(signal)]);
    install(signal);
  }
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(&on_sanitizer_end);
  const struct sigaction action = action_of(&on_question, SA_RESTART);
  sigaction(question, &action, &watching.before_question);
}

void watch_copy(Crash& told) {
  watching.thread.store(syscall(SYS_gettid));
  watching.told.store(&told);
}

void forward_questions(int process) { watching.copy.store(process); }

}  // namespace udf::detail
