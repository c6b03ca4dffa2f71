#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime.h"
#include "udf/function.h"
#include "udf/row_error.h"

namespace udf::detail {

/// One value of any type, as a column of one row.
union Slot {
  Slot() : text() {}
  std::uint8_t boolean;
  std::int32_t int32;
  std::int64_t int64;
  float float32;
  double float64;
  std::string_view text;
};

/// A call of one row: columns of length one on the stack, through the same kernel as whole columns. Texts that are put
/// in are borrowed until `compute` returns.
class OneRow {
 public:
  static constexpr std::size_t most_arguments = 32;
  static constexpr std::size_t most_leaves = 16;

  explicit OneRow(const Function& function) : function_(function) {
    for (std::size_t index = 0; index < function.arguments.size(); ++index) inputs_[index].values = &arguments_[index];
    texts_.reserve(most_text_leaves());
    for (std::size_t index = 0; index < function.leaves.size(); ++index) {
      leaves_[index].values = &results_[index];
      leaves_[index].validity = &present_[index];
      if (function.leaves[index].type == Type::String) leaves_[index].text = &texts_.emplace_back(1);
    }
  }
  OneRow(const OneRow&) = delete;
  OneRow& operator=(const OneRow&) = delete;

  Slot& argument(std::size_t index) { return arguments_[index]; }
  void set_null(std::size_t index) { inputs_[index].validity = &none_; }

  /// False when the result is null. Throws RowError, StateError.
  bool compute() {
    try {
      return run(function_, inputs_.data(), {&whole_, leaves_.data()}, 1) == 0;
    } catch (RowError& error) {
      error.leave_batch();
      throw;
    }
  }

  bool is_null(std::size_t leaf) const { return present_[leaf] == 0; }
  const Slot& result(std::size_t leaf) const { return results_[leaf]; }
  std::string_view text(std::size_t leaf) const { return leaves_[leaf].text->bytes(); }

 private:
  std::size_t most_text_leaves() const {
    std::size_t count = 0;
    for (const Field& leaf : function_.leaves) count += leaf.type == Type::String ? 1 : 0;
    return count;
  }

  static constexpr std::uint64_t none_ = 0;

  const Function& function_;
  std::array<Slot, most_arguments> arguments_;
  std::array<Input, most_arguments> inputs_;
  std::array<Slot, most_leaves> results_;
  std::array<std::uint64_t, most_leaves> present_;
  std::array<Leaf, most_leaves> leaves_;
  std::vector<TextOutput> texts_;
  std::uint64_t whole_ = 0;
};

/// `haversine_km(): argument "lat1"`, the beginning of a message.
inline std::string argument_place(const Function& function, std::size_t index) {
  return function.name + "(): argument \"" + function.arguments[index].name + "\"";
}

/// What callers in scripting languages give for a type.
inline std::string_view plain_name(Type type) {
  switch (type) {
    case Type::Bool:
      return "a boolean";
    case Type::Int32:
      return "an integer of 32 bits";
    case Type::Int64:
      return "an integer of 64 bits";
    case Type::Float:
    case Type::Double:
      return "a number";
    case Type::String:
      return "a string";
  }
  return "";
}

/// Throws UsageError unless a call gave as many arguments as the function takes.
inline void check_count(const Function& function, std::size_t given) {
  const std::size_t taken = function.arguments.size();
  if (given == taken) return;
  throw UsageError(function.name + "() takes " + std::to_string(taken) + (taken == 1 ? " argument" : " arguments") +
                   ", not " + std::to_string(given));
}

}  // namespace udf::detail
