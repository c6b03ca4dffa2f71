#include "guard.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <system_error>

#include "compute.h"
#include "fault.h"
#include "messages.h"
#include "runtime.h"
#include "udf/row_error.h"
#include "watch.h"

namespace udf::detail {
namespace {

/// What the copy tells, in memory that both processes have.
struct Told {
  std::atomic<bool> finished;
  Crash crash;
};

class SharedMemory {
 public:
  SharedMemory() : memory_(mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    new (memory_) Told{};
  }
  ~SharedMemory() { munmap(memory_, sizeof(Told)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  Told& told() const { return *static_cast<Told*>(memory_); }

 private:
  void* const memory_;
};

/// A heap that is broken already often shows only at some later call: this is that call.
void use_heap() {
  constexpr std::size_t large = 100 * 1024;  // below what malloc maps apart
  std::free(std::malloc(large));
  malloc_trim(0);
}

/// In the copy, which ends here. It never returns into the host: that one's other threads are not there.
[[noreturn]] void rehearse_and_end(const Function& function, const void* state, const Input* inputs,
                                   const Output& output, std::int64_t rows, Told& told) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  watch_copy(told.crash);
  try {
    function.kernel(state, inputs, output, rows, &current_call.row);
  } catch (...) {
    // it throws again where it is computed in earnest
  }
  use_heap();
  told.finished.store(true);
  _exit(0);
}

int end_of(pid_t copy) {
  int status = 0;
  while (waitpid(copy, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return status;
}

std::string said_of(int status, const Crash& crash) {
  std::string how;
  if (!WIFSIGNALED(status)) {
    how = joined({"it ended the process with exit code ", std::to_string(WEXITSTATUS(status))});
  } else {
    const std::string_view name = signal_name(WTERMSIG(status));
    const std::string number = joined({"signal ", std::to_string(WTERMSIG(status))});
    how = joined({"it died of ", name.empty() ? number : name});
  }
  return crash.length == 0 ? how : joined({how, ": ", crash.cause()});
}

void rehearse(const Function& function, const void* state, const Input* inputs, const Output& output,
              std::int64_t rows) {
  const SharedMemory shared;
  const Told& told = shared.told();
  const pid_t copy = fork();
  if (copy < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (copy == 0) rehearse_and_end(function, state, inputs, output, rows, shared.told());
  forward_questions(copy);
  const int status = end_of(copy);
  forward_questions(0);
  if (told.finished.load()) return;
  const Crash& crash = told.crash;
  throw RowError(crash.row, said_of(status, crash), {crash.frames.begin(), crash.frames.end()},
                 WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

}  // namespace

void guard(const Function& function, bool guarded) {
  if (!is_watched.load()) throw UsageError({"guard() is for a process that is watched; call watch() before"});
  function.watched.rehearsal.store(guarded ? &rehearse : nullptr);
}

}  // namespace udf::detail
