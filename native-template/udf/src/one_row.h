#pragma once

#include <array>
#include <cstdint>
#include <forward_list>
#include <string_view>

#include "runtime.h"
#include "udf/function.h"

namespace udf::detail {

/// One value of any type, as a column of one row.
union Slot {
  Slot() {}
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

  explicit OneRow(const Function& function);
  OneRow(const OneRow&) = delete;
  OneRow& operator=(const OneRow&) = delete;

  Slot& argument(std::size_t index) { return arguments_[index]; }
  void set_null(std::size_t index) { inputs_[index].validity = &none_; }

  /// False when the result is null. Throws RowError, StateError.
  bool compute();

  bool is_null(std::size_t leaf) const { return present_[leaf] == 0; }
  const Slot& result(std::size_t leaf) const { return results_[leaf]; }
  std::string_view text(std::size_t leaf) const { return leaves_[leaf].text->bytes(); }

 private:
  static constexpr std::uint64_t none_ = 0;

  // only as many of each are set and used as the function has
  const Function& function_;
  std::array<Slot, most_arguments> arguments_;
  std::array<Input, most_arguments> inputs_;
  std::array<Slot, most_leaves> results_;
  std::array<std::uint64_t, most_leaves> present_;
  std::array<Leaf, most_leaves> leaves_;
  std::forward_list<TextOutput> texts_;
  std::uint64_t whole_;
};

}  // namespace udf::detail
