#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "udf/config.h"
#include "udf/function.h"

namespace udf::detail {

/// The one object of a class and a config, made at its first use. It is never destroyed: other threads may still call
/// its methods while the process ends.
struct State {
  State(const StateClass* of, std::string config_name) : state_class(of), config(std::move(config_name)) {}

  /// Gives the object. Throws StateError.
  const void* get() {
    const void* made = object_.load(std::memory_order_acquire);
    return made != nullptr ? made : make();
  }

  const StateClass* state_class;
  std::string config;

 private:
  const void* make();

  std::atomic<const void*> object_{nullptr};
  std::mutex making_;
};

}  // namespace udf::detail
