#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "udf/column.h"
#include "udf/config.h"
#include "udf/types.h"

namespace udf::detail {

/// What stands for an argument that a caller leaves out.
struct Default {
  bool null;
  /// `Scalar<T>::Storage`, unless it is a text.
  alignas(8) std::array<std::byte, 8> value;
  std::string text;
};

/// Computes `rows` rows. `state` is the object of a method, null for a plain function. Throws RowError. `current` tells
/// a signal handler which row it is at; null where nobody watches, which is a little faster.
using Kernel = void (*)(const void* state, const Input* inputs, const Output& output, std::int64_t rows,
                        std::int64_t* current);

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
  /// Rows that it has been given in batches that are over, since the last `watch`; hosts may say another number.
  std::atomic<std::int64_t> rows{0};
  /// Called before each batch; null where nobody asked for it.
  std::atomic<Rehearsal> rehearsal{nullptr};
};

/// How a function takes rows: one at a time, whole columns, a group of them, or one that gives many.
enum class FunctionKind : std::uint8_t { Row, Batch, Aggregate, Table };

/// One function, as its registration and the compiler describe it.
struct Function {
  std::string name;
  FunctionKind kind = FunctionKind::Row;
  std::string doc;
  std::string config;
  /// What a caller gives; to an aggregate a list of values for each group, and `nullable` says whether it sees nulls
  /// among them.
  std::vector<Field> arguments;
  /// Of the last arguments, as many as have one.
  std::vector<Default> defaults;
  /// Has no name.
  Field result;
  /// The same arguments always give the same result.
  bool deterministic = true;
  /// An argument is a list or a struct.
  bool takes_nested = false;
  Kernel kernel = nullptr;
  /// Null for a plain function.
  const StateClass* state_class = nullptr;
  /// Set when the registration is complete; null for a plain function.
  State* state = nullptr;
  mutable Watched watched;

  std::size_t required() const { return arguments.size() - defaults.size(); }
  /// Null for an argument without a default.
  const Default* default_of(std::size_t argument) const {
    return argument < required() ? nullptr : &defaults[argument - required()];
  }
};

}  // namespace udf::detail
