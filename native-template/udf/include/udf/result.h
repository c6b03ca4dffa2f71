#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

#include "udf/column.h"
#include "udf/struct.h"
#include "udf/types.h"

namespace udf::detail {

/// True for a result that is one number in each row and never null by itself: those loops become vector instructions.
template <class Result>
inline constexpr bool plain_result = Scalar<Result>::supported && !is_text<Result>;

/// Writes one value into row `row` of a leaf.
template <class Value>
void write_leaf(const Leaf& leaf, std::int64_t row, const Value& value) {
  using Bare = typename Nullable<Value>::Value;
  if constexpr (Nullable<Value>::nullable) {
    if (!value) return;
    leaf.validity[row / word_rows] |= std::uint64_t{1} << (row % word_rows);
    write_leaf<Bare>(leaf, row, *value);
  } else if constexpr (is_text<Bare>) {
    leaf.text->write(row, value);
  } else {
    static_cast<typename Scalar<Bare>::Storage*>(leaf.values)[row] = Scalar<Bare>::write(value);
  }
}

/// Calls `each(leaf, field type)` for every leaf of a result type.
template <class Value, class Each>
void for_each_leaf(const Output& output, Each&& each) {
  if constexpr (Scalar<Value>::supported) {
    each.template operator()<Value>(output.leaves[0]);
  } else {
    std::apply(
        [&](const auto&... field) {
          std::size_t index = 0;
          (each.template operator()<typename std::remove_cvref_t<decltype(field)>::Member>(output.leaves[index++]), ...);
        },
        struct_fields<Value>.fields);
  }
}

/// Sets all values to 0 and all fields to null, so that what a null row holds is the same in every run.
template <class Value>
void clear_leaves(const Output& output, std::int64_t rows) {
  for_each_leaf<Value>(output, [rows]<class Member>(const Leaf& leaf) {
    using Bare = typename Nullable<Member>::Value;
    if constexpr (!is_text<Bare>) {
      std::memset(leaf.values, 0, static_cast<std::size_t>(rows) * sizeof(typename Scalar<Bare>::Storage));
    }
    if constexpr (Nullable<Member>::nullable) {
      std::memset(leaf.validity, 0, static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t));
    }
  });
}

/// Ends the texts, and gives the leaves that are null only with their row the mask of the whole result.
template <class Value>
void finish_leaves(const Output& output, std::int64_t rows) {
  for_each_leaf<Value>(output, [&output, rows]<class Member>(const Leaf& leaf) {
    if constexpr (is_text<typename Nullable<Member>::Value>) leaf.text->finish();
    if constexpr (!Nullable<Member>::nullable) {
      if (leaf.validity != nullptr) {
        std::memcpy(leaf.validity, output.validity,
                    static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t));
      }
    }
  });
}

/// Writes a whole result, nullable or not, into row `row`. False when it is null.
template <class Result>
bool write_result(const Output& output, std::int64_t row, const Result& result) {
  using Value = typename Nullable<Result>::Value;
  if constexpr (Nullable<Result>::nullable) {
    return result && write_result<Value>(output, row, *result);
  } else if constexpr (Scalar<Value>::supported) {
    write_leaf(output.leaves[0], row, result);
    return true;
  } else {
    std::apply(
        [&](const auto&... field) {
          std::size_t index = 0;
          (write_leaf(output.leaves[index++], row, result.*field.member), ...);
        },
        struct_fields<Value>.fields);
    return true;
  }
}

}  // namespace udf::detail
