#pragma once

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

/// Computes `rows` rows. `state` is the object of a method, null for a plain function. Throws RowError.
using Kernel = void (*)(const void* state, const Input* inputs, const Output& output, std::int64_t rows);

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
};

}  // namespace udf::detail
