#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "udf/function.h"

namespace udf::detail {

/// A caller's mistake: wrong arguments, an unknown function, malformed data.
class UsageError : public std::invalid_argument {
 public:
  /// The message in parts.
  [[gnu::cold]] explicit UsageError(std::initializer_list<std::string_view> parts);
};

/// The object behind methods could not be made. `config` is empty for a class that is made without one.
class StateError : public std::runtime_error {
 public:
  StateError(std::string config, const std::string& message) : runtime_error(message), config_(std::move(config)) {}
  const std::string& config() const { return config_; }

 private:
  std::string config_;
};

/// Everything that UDF_MODULE registered, checked and described. Made at the first use, once in a process.
class Registry {
 public:
  /// Throws std::logic_error when the registration makes no sense, such as two functions of one name.
  static const Registry& get();

  /// What the door call `describe` gives: JSON.
  const std::string& description() const { return description_; }
  std::size_t size() const { return functions_.size(); }
  /// Throws UsageError when there is no such function.
  const Function& function(std::int64_t index) const;
  const std::vector<std::unique_ptr<State>>& states() const { return states_; }

 private:
  Registry();

  std::vector<std::unique_ptr<Function>> functions_;
  std::vector<std::unique_ptr<State>> states_;
  std::string description_;
};

/// Says which file the config `name` is read from. Throws StateError when an object was already made from another file.
void configure(std::string_view name, std::string_view path);

/// Makes the objects of all methods now. Throws StateError.
void prepare();

/// Computes `rows` rows and gives how many of them are null. Throws RowError, StateError.
std::int64_t run(const Function& function, const Input* inputs, const Output& output, std::int64_t rows);

}  // namespace udf::detail
