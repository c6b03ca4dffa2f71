#include "udf/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <string>

#include "compute.h"
#include "log_place.h"
#include "messages.h"

namespace udf::detail {
namespace {

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug: ";
    case Level::info:
      return "info: ";
    case Level::warning:
      return "warning: ";
    case Level::error:
      break;
  }
  return "error: ";
}

/// What `set_log_place` says; threads of the module may log while it is set.
struct GivenPlace {
  /// Without a place there is nothing to lock: a process that was forked while another thread logged would wait for ever.
  std::atomic<bool> known{false};
  std::mutex mutex;
  std::string text;
};

GivenPlace& given_place() {
  static GivenPlace place;
  return place;
}

/// Which function logs, where this process is watched.
std::string place() {
  if (!is_watched.load(std::memory_order_relaxed) || current_call.function == nullptr) return "";
  const std::string& name = current_call.function->name;
  if (current_call.row < 0) return joined({name, "(): "});
  return joined({name, "(), row ", std::to_string(current_call.row), " of its batch: "});
}

/// What cannot be written is lost: a log is no reason to fail.
void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void set_log_place(const std::string& place) {
  const std::lock_guard lock(given_place().mutex);
  given_place().text = place;
  given_place().known.store(true);
}

}  // namespace udf::detail

void udf::log(Level level, std::string_view text) {
  std::string before(detail::level_name(level));
  if (detail::given_place().known.load()) {
    const std::lock_guard lock(detail::given_place().mutex);
    before += detail::given_place().text;
  }
  before += detail::place();
  std::string lines;
  for (bool more = true; more;) {
    const auto end = text.find('\n');
    more = end != text.npos;
    lines.append(before).append(text.substr(0, end)).append("\n");
    if (more) text.remove_prefix(end + 1);
  }
  detail::write_all(lines);
}
