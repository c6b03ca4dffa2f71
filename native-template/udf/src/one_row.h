#pragma once

#include <array>
#include <cstdint>
#include <forward_list>
#include <string_view>

#include "arena.h"
#include "runtime.h"
#include "udf/decimal.h"
#include "udf/function.h"

namespace udf::detail {

/// One value of any kind but lists and structs, as a column of one row.
union Slot {
  Slot() {}
  std::uint8_t boolean;
  std::int8_t int8;
  std::int16_t int16;
  std::int32_t int32;
  std::int64_t int64;
  std::uint8_t uint8;
  std::uint16_t uint16;
  std::uint32_t uint32;
  std::uint64_t uint64;
  float float32;
  double float64;
  StoredInt128 decimal;
  std::string_view text;
};

/// A call of one row: columns of length one on the stack, through the same kernel as whole columns. Texts that are put
/// in are borrowed until `compute` returns.
class OneRow {
 public:
  static constexpr std::size_t most_arguments = 32;
  static constexpr std::size_t most_fields = 16;

  /// `given`: how many arguments the caller gives; the others have their defaults.
  OneRow(const Function& function, std::size_t given);
  OneRow(const OneRow&) = delete;
  OneRow& operator=(const OneRow&) = delete;

  /// Where an argument goes that is neither a list nor a struct.
  Slot& argument(std::size_t index) { return arguments_[index]; }
  /// Where one goes that is, null until it is written.
  const Output& nested_argument(std::size_t index);
  void set_null(std::size_t index) { inputs_[index].validity = &none_; }

  /// False when the result is null. Throws RowError, StateError.
  bool compute();

  /// Row 0 of it is the result, where that is not null.
  const Output& result() const { return result_; }

 private:
  static constexpr std::uint64_t none_ = 0;

  struct Nested {
    std::size_t argument;
    OwnedColumn* column;
  };

  void bind(Output& output, const Type& type, bool nullable, std::size_t slot);

  // only as many of each are set and used as the function has
  const Function& function_;
  std::array<Slot, most_arguments> arguments_;
  std::array<Input, most_arguments> inputs_;
  std::array<Slot, most_fields> results_;
  std::array<std::uint64_t, most_fields> present_;
  std::array<Output, most_fields> fields_;
  std::forward_list<TextOutput> texts_;
  std::forward_list<ListOutput> lists_;
  std::forward_list<OwnedColumn> structs_;
  std::forward_list<Nested> nested_;
  Arena arena_;
  Output result_;
  std::uint64_t whole_;
};

}  // namespace udf::detail
