#include "state.h"

#include <memory>
#include <string>
#include <vector>

#include "bits.h"
#include "compute.h"
#include "messages.h"
#include "null_rules.h"
#include "runtime.h"
#include "udf/row_error.h"

namespace udf::detail {
namespace {

/// Where the configs lie, as the host said.
struct ConfigPaths {
  struct Entry {
    std::string name;
    std::string path;
    bool in_use;
  };

  /// Null when nobody has named the config.
  Entry* find(std::string_view name) {
    for (Entry& entry : entries) {
      if (entry.name == name) return &entry;
    }
    return nullptr;
  }

  std::mutex lock;
  std::vector<Entry> entries;
};

ConfigPaths& config_paths() {
  static auto* const paths = new ConfigPaths;  // lives as long as the process
  return *paths;
}

std::string path_of(const std::string& config) {
  ConfigPaths& paths = config_paths();
  const std::lock_guard guard(paths.lock);
  const ConfigPaths::Entry* const entry = paths.find(config);
  if (entry != nullptr) return entry->path;
  throw StateError(config, joined({config, ": nobody said where this config file lies; call configure(\"", config,
                                   "\", path) before the functions that use it"}));
}

/// From now on the config cannot be taken from another file.
void mark_in_use(const Config& config) {
  ConfigPaths& paths = config_paths();
  const std::lock_guard guard(paths.lock);
  ConfigPaths::Entry* const entry = paths.find(config.name());
  entry->path = config.path();
  entry->in_use = true;
}

/// Why an object could not be made, from the exception in flight.
[[noreturn]] void rethrow_as_state_error(const std::string& config) {
  const std::string_view separator = config.empty() ? "" : ": ";
  try {
    throw;
  } catch (const StateError&) {
    throw;
  } catch (const ConfigError& error) {
    throw StateError(config, error.what());
  } catch (const std::exception& error) {
    throw StateError(config, joined({config, separator, error.what()}));
  } catch (...) {
    throw StateError(config, joined({config, separator, "its class threw what is no std::exception"}));
  }
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
  } catch (...) {
    rethrow_as_state_error(config);
  }
  object_.store(made, std::memory_order_release);
  return made;
}

void configure(std::string_view name, std::string_view path) {
  ConfigPaths& paths = config_paths();
  const std::lock_guard guard(paths.lock);
  ConfigPaths::Entry* const entry = paths.find(name);
  if (entry == nullptr) {
    paths.entries.push_back({std::string(name), std::string(path), false});
  } else if (!entry->in_use) {
    entry->path = path;
  } else if (entry->path != path) {
    throw StateError(entry->name, joined({name, " is already in use from ", entry->path, ", so ", path,
                                          " would be ignored; a process reads a config file once"}));
  }
}

void prepare() {
  for (const auto& state : Registry::get().states()) state->get();
}

std::int64_t run(const Function& function, const Input* inputs, const Output& output, std::int64_t rows) {
  const void* state = function.state == nullptr ? nullptr : function.state->get();
  try {
    if (function.takes_nested) {
      Arena arena;
      auto* const moved = arena.make<Input>(function.arguments.size());
      for (std::size_t index = 0; index < function.arguments.size(); ++index) {
        moved[index] = move_nulls_outward(inputs[index], function.arguments[index].type, arena);
      }
      compute(function, state, moved, output, rows);
    } else {
      compute(function, state, inputs, output, rows);
    }
  } catch (RowError& error) {
    error.set_function(function.name);
    throw;
  }
  return count_nulls(output.validity, rows);
}

}  // namespace udf::detail
