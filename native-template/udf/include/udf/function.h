#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "udf/column.h"
#include "udf/config.h"
#include "udf/types.h"

namespace udf::detail {

struct Field {
  std::string name;
  Type type;
  bool nullable;
};

/// Computes `rows` rows. `state` is the object of a method, null for a plain function. Throws RowError. `current` tells
/// which row it is at, for a signal handler: exact wherever something is called, -1 where that is not known.
using Kernel = void (*)(const void* state, const Input* inputs, const Output& output, std::int64_t rows,
                        std::int64_t& current);

/// Makes an object that functions are methods of; `config` is null for one made without.
using StateFactory = const void* (*)(const Config* config);

/// What the compiler knows of a class that functions are methods of; there is one of these for each class, so that
/// functions find the object that they share by its address.
struct StateClass {
  /// Null when the class has no constructor of that kind.
  StateFactory from_config;
  StateFactory from_nothing;
};

struct State;
struct Function;

/// Computes a batch to see whether that crashes. Throws RowError if so.
using Rehearsal = void (*)(const Function& function, const void* state, const Input* inputs, const Output& output,
                           std::int64_t rows);

/// What is kept of a function while the process is watched; see src/watch.h.
struct Watched {
  /// Rows that it has been given in batches that are over, since the last `watch`.
  std::atomic<std::int64_t> rows{0};
  /// Called before each batch; null where nobody asked for it.
  std::atomic<Rehearsal> rehearsal{nullptr};
};

/// One function, as its registration and the compiler describe it.
struct Function {
  std::string name;
  std::string doc;
  std::string config;
  std::vector<Field> arguments;
  /// Empty for a scalar result, which has one leaf without a name.
  std::string struct_name;
  std::vector<Field> leaves;
  bool nullable_result = false;
  Kernel kernel = nullptr;
  /// Null for a plain function.
  const StateClass* state_class = nullptr;
  /// Set when the registration is complete; null for a plain function.
  State* state = nullptr;
  mutable Watched watched;
};

}  // namespace udf::detail
