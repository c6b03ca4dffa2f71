#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "udf/callable.h"
#include "udf/column.h"
#include "udf/reader.h"
#include "udf/result.h"
#include "udf/row_error.h"
#include "udf/writer.h"

namespace udf::detail {

/// How one parameter of a function is read from its column.
template <class T>
struct Parameter {
  using Declared = std::remove_cvref_t<T>;
  using Value = typename Nullable<Declared>::Value;
  using From = Reader<Value>;
  /// What is passed on from loop to call: a pointer to values, or the reader of a nested column.
  using Column = std::remove_reference_t<decltype(std::declval<From&>().column())>;
  using Passed = std::conditional_t<std::is_pointer_v<Column>, Column, From&>;
  static constexpr bool nullable = Nullable<Declared>::nullable;
  static constexpr bool can_throw = From::can_throw;

  static Declared read(Passed column, [[maybe_unused]] const std::uint64_t* validity, std::int64_t row) {
    if constexpr (!std::is_pointer_v<Column>) column.reset();
    if constexpr (nullable) {
      return is_valid(validity, row) ? Declared(From::read(column, row)) : Declared();
    } else {
      return From::read(column, row);
    }
  }
};

/// Runs a loop whose current row is `row`; what it throws becomes an error of that row. Loops that cannot throw get no
/// landing pads; one that throws all the same ends the process.
template <bool can_throw, class Loop>
[[gnu::always_inline]] inline void at_row(const std::int64_t& row, const Loop& loop) {
  if constexpr (can_throw) {
    try {
      loop();
    } catch (...) {
      rethrow_as_row_error(row);
    }
  } else {
    [&]() noexcept { loop(); }();
  }
}

/// For `with_result`: the result itself.
inline constexpr auto same = [](const auto& result) { return result; };

template <auto Call, class Class, class Result, bool can_throw_itself, class Arguments>
class KernelOf;

/// Computes one function over columns. The function is a template argument, so the compiler sees through it into the
/// loops; their columns are `__restrict` parameters, so it may use vector instructions. Rows go by the words of the
/// validity masks: runs of full words are one loop, empty words are skipped.
template <auto Call, class Class, class Result, bool can_throw_itself, class... A>
class KernelOf<Call, Class, Result, can_throw_itself, TypeList<A...>> {
  using Value = typename Outcome<Result>::Value;
  static constexpr bool plain = PlainOutput<Result>::supported;
  static constexpr bool can_throw = can_throw_itself || !plain || (Parameter<A>::can_throw || ...);
  using Values = typename PlainOutput<Result>::Values;
  using Indices = std::index_sequence_for<A...>;
  template <class T>
  using Column = typename Parameter<T>::From::Column;

 public:
  static void run(const void* state, const Input* inputs, const Output& output, std::int64_t rows,
                  std::int64_t* current) {
    std::int64_t unwatched = 0;
    const bool watched = current != nullptr;
    KernelOf kernel(static_cast<const Class*>(state), inputs, output, rows, watched ? current : &unwatched,
                    Indices());
    if constexpr (plain) {
      kernel.run_plain(watched);
    } else {
      kernel.run_any();
    }
  }

 private:
  template <std::size_t... I>
  KernelOf(const Class* self, const Input* inputs, const Output& output, std::int64_t rows, std::int64_t* current,
           std::index_sequence<I...>)
      : self_(self), inputs_(inputs), output_(output), rows_(rows), current_(current), readers_(inputs[I]...) {}

  /// Runs of full words are one loop. A process that is watched wants to know the row of every crash, which vector
  /// instructions have none of.
  void run_plain(bool watched) {
    const PlainOutput<Result> out(output_);
    const std::int64_t words = mark_present(Indices());
    const bool dense = !watched && is_dense(Indices());
    for (std::int64_t word = 0; word < words;) {
      const std::int64_t begin = word;
      if (dense) word = words;
      while (!watched && word < words && output_.validity[word] == first_rows(rows_ - word * word_rows)) ++word;
      if (word > begin) with_columns(begin * word_rows, row_end(word), out.values(), Indices());
      if (word == words) break;
      const std::int64_t first = word * word_rows;
      const std::uint64_t mask = output_.validity[word++];
      out.clear(first, row_end(word));
      if (mask != 0) with_columns(first, mask, out.values(), Indices());
    }
    // a struct's fields are null with it
    if constexpr (!Scalar<Result>::supported) finish(output_, rows_);
  }

  void run_any() {
    clear(output_, rows_);
    const std::int64_t words = mark_present(Indices());
    for (std::int64_t word = 0; word < words; ++word) {
      const std::uint64_t mask = output_.validity[word];
      if (mask != 0) output_.validity[word] = with_columns(word * word_rows, mask, output_, Indices());
    }
    finish(output_, rows_);
  }

  /// One past the last row of word `word - 1`.
  std::int64_t row_end(std::int64_t word) const { return word * word_rows < rows_ ? word * word_rows : rows_; }

  /// Whether no argument has a mask that matters.
  template <std::size_t... I>
  bool is_dense(std::index_sequence<I...>) const {
    return ((Parameter<A>::nullable || inputs_[I].validity == nullptr) && ...);
  }

  /// Begins the result's mask with the rows in which no argument is null that must not be. Gives how many words it has.
  template <std::size_t... I>
  std::int64_t mark_present(std::index_sequence<I...>) const {
    const std::int64_t words = word_count(rows_);
    std::uint64_t* const __restrict mask = output_.validity;
    if (words == 0) return 0;
    std::memset(mask, 0xff, static_cast<std::size_t>(words) * sizeof *mask);
    mask[words - 1] = first_rows(rows_ - (words - 1) * word_rows);
    [[maybe_unused]] const auto without_nulls_of = [&](const std::uint64_t* __restrict validity) {
      for (std::int64_t word = 0; validity != nullptr && word < words; ++word) mask[word] &= validity[word];
    };
    ((Parameter<A>::nullable ? void() : without_nulls_of(inputs_[I].validity)), ...);
    return words;
  }

  /// Calls the loop that fits the kind of `rows` (an end, or a mask) and of `out`.
  template <class Rows, class Out, std::size_t... I>
  auto with_columns(std::int64_t first, Rows rows, Out&& out, std::index_sequence<I...>) {
    const std::uint64_t* const validity[] = {inputs_[I].validity...};
    return compute(self_, first, rows, out, validity, current_, Indices(), std::get<I>(readers_).column()...);
  }

  /// Gives the result for one row to `use`, while the arguments that were made for it are still there: a result may be
  /// a view of one.
  template <class Use, std::size_t... I>
  static auto with_result(const Use& use, const Class* self, const std::uint64_t* const* validity, std::int64_t row,
                          std::index_sequence<I...>, typename Parameter<A>::Passed... columns) {
    if constexpr (std::is_void_v<Class>) {
      return use(Call(Parameter<A>::read(columns, validity[I], row)...));
    } else {
      return use((self->*Call)(Parameter<A>::read(columns, validity[I], row)...));
    }
  }

  /// All rows from `first` until `end`.
  template <std::size_t... I>
  [[gnu::noinline]] static void compute(const Class* self, std::int64_t first, std::int64_t end, Values out,
                                        const std::uint64_t* const* validity, volatile std::int64_t*,
                                        std::index_sequence<I...> indices, Column<A>... columns) {
    std::int64_t row = first;
    at_row<can_throw>(row, [&] {
      for (; row < end; ++row) {
        PlainOutput<Result>::write(out, row, with_result(same, self, validity, row, indices, columns...));
      }
    });
  }

  /// Those rows of one word that `mask` has; `current` tells each before it is computed.
  template <std::size_t... I>
  [[gnu::noinline]] static void compute(const Class* self, std::int64_t first, std::uint64_t mask, Values out,
                                        const std::uint64_t* const* validity, volatile std::int64_t* current,
                                        std::index_sequence<I...> indices, Column<A>... columns) {
    std::int64_t row = first;
    at_row<can_throw>(row, [&] {
      for (; mask != 0; mask &= mask - 1) {
        row = first + std::countr_zero(mask);
        *current = row;
        PlainOutput<Result>::write(out, row, with_result(same, self, validity, row, indices, columns...));
      }
    });
  }

  /// Those rows of one word that `mask` has; gives the rows whose result is not null.
  template <std::size_t... I>
  [[gnu::noinline]] static std::uint64_t compute(const Class* self, std::int64_t first, std::uint64_t mask,
                                                 const Output& output, const std::uint64_t* const* validity,
                                                 volatile std::int64_t* current, std::index_sequence<I...> indices,
                                                 Column<A>... columns) {
    std::uint64_t present = 0;
    std::int64_t row = first;
    at_row<can_throw>(row, [&] {
      for (; mask != 0; mask &= mask - 1) {
        const int bit = std::countr_zero(mask);
        row = first + bit;
        *current = row;
        const auto write = [&](const Result& result) {
          if constexpr (Outcome<Result>::can_fail) {
            if (!result) throw *result.error();
            return write_result<Value>(output, row, *result);
          } else {
            return write_result<Value>(output, row, result);
          }
        };
        const bool valid = with_result(write, self, validity, row, indices, columns...);
        present |= static_cast<std::uint64_t>(valid) << bit;
      }
    });
    return present;
  }

  const Class* self_;
  const Input* inputs_;
  const Output& output_;
  std::int64_t rows_;
  std::int64_t* current_;
  std::tuple<typename Parameter<A>::From...> readers_;
};

}  // namespace udf::detail
