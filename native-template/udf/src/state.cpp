#include "state.h"

#include <map>

#include "runtime.h"
#include "udf/row_error.h"

namespace udf::detail {
namespace {

/// Where the configs lie, as the host said.
struct ConfigPaths {
  std::mutex lock;
  struct Entry {
    std::string path;
    bool in_use = false;
  };
  std::map<std::string, Entry, std::less<>> entries;
};

ConfigPaths& config_paths() {
  static auto* const paths = new ConfigPaths;  // lives as long as the process
  return *paths;
}

std::string path_of(const std::string& config) {
  ConfigPaths& paths = config_paths();
  const std::lock_guard guard(paths.lock);
  const auto found = paths.entries.find(config);
  if (found == paths.entries.end()) {
    throw StateError(config, config + ": nobody said where this config file lies; call configure(\"" + config +
                                 "\", path) before the functions that use it");
  }
  return found->second.path;
}

/// From now on the config cannot be taken from another file.
void mark_in_use(const Config& config) {
  ConfigPaths& paths = config_paths();
  const std::lock_guard guard(paths.lock);
  paths.entries[std::string(config.name())] = {config.path(), true};
}

}  // namespace

const void* State::make() {
  const std::lock_guard guard(making_);
  if (const void* made = object_.load(std::memory_order_acquire)) return made;
  const void* made = nullptr;
  try {
    if (config.empty()) {
      made = state_class->from_nothing(nullptr);
    } else {
      auto file = std::make_unique<Config>(config, path_of(config));
      made = state_class->from_config(file.get());
      mark_in_use(*file);
      file.release();  // the object may keep views of its text
    }
  } catch (const StateError&) {
    throw;
  } catch (const ConfigError& error) {
    throw StateError(config, error.what());
  } catch (const std::exception& error) {
    throw StateError(config, (config.empty() ? "" : config + ": ") + error.what());
  } catch (...) {
    throw StateError(config, (config.empty() ? "" : config + ": ") + std::string("its class threw no std::exception"));
  }
  object_.store(made, std::memory_order_release);
  return made;
}

void configure(std::string_view name, std::string_view path) {
  ConfigPaths& paths = config_paths();
  const std::lock_guard guard(paths.lock);
  const auto [entry, added] = paths.entries.try_emplace(std::string(name));
  if (!added && entry->second.in_use && entry->second.path != path) {
    throw StateError(std::string(name),
                     entry->first + " is already in use from " + entry->second.path + ", so " + std::string(path) +
                         " would be ignored; a process reads a config file once");
  }
  entry->second.path = path;
}

void prepare() {
  for (const auto& state : Registry::get().states()) state->get();
}

std::int64_t run(const Function& function, const Input* inputs, const Output& output, std::int64_t rows) {
  const void* state = function.state == nullptr ? nullptr : function.state->get();
  try {
    function.kernel(state, inputs, output, rows);
  } catch (RowError& error) {
    error.set_function(function.name);
    throw;
  }
  std::int64_t present = 0;
  for (std::int64_t word = 0; word < word_count(rows); ++word) present += __builtin_popcountll(output.validity[word]);
  return rows - present;
}

}  // namespace udf::detail
