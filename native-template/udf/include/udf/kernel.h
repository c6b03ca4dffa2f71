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
  /// A pointer to values, texts, or the reader of a nested column.
  using Column = decltype(std::declval<From&>().column());
  static constexpr bool nullable = Nullable<Declared>::nullable;
  static constexpr bool can_throw = From::can_throw;

  static Declared read(Column column, [[maybe_unused]] const std::uint64_t* validity, std::int64_t row) {
    if constexpr (std::is_reference_v<Column>) column.reset();
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

/// A pointer `__restrict` or not; anything else as it is.
template <class T, bool restricted>
struct Restricted {
  using Type = T;
};
template <class T>
struct Restricted<T*, true> {
  using Type = T* __restrict;
};

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
  using Indices = std::index_sequence_for<A...>;

  /// Loops that write one column get `__restrict` pointers. Those that write several have none where the compiler can
  /// compare the few pairs of columns before the loop: g++ takes `__restrict` as leave to read every argument again
  /// after the first result is stored, which costs a tenth.
  static constexpr std::size_t outputs = PlainOutput<Result>::count;
  using Outputs = std::make_index_sequence<outputs>;
  static constexpr bool restricted = outputs == 1 || outputs * sizeof...(A) + outputs * (outputs - 1) / 2 > 10;
  template <class T>
  using Column = typename Restricted<typename Parameter<T>::Column, restricted>::Type;

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
      : self_(self), inputs_(inputs), output_(output), rows_(rows), current_(current), validity_{inputs[I].validity...}, readers_(inputs[I]...) {}

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
      if (word > begin) compute_plain(begin * word_rows, row_end(word), out.values, Indices(), Outputs());
      if (word == words) break;
      const std::int64_t first = word * word_rows;
      const std::uint64_t mask = output_.validity[word++];
      clear_rows(first, row_end(word), out.values, Outputs());
      if (mask != 0) compute_plain(first, mask, out.values, Indices(), Outputs());
    }
    // a struct's fields are null with it
    if constexpr (!Scalar<Result>::supported) finish(output_, rows_);
  }

  void run_any() {
    clear(output_, rows_);
    const std::int64_t words = mark_present(Indices());
    compute_any(words, Indices());
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

  /// Calls the loop that fits the kind of `rows`: an end, or a mask.
  template <class Rows, class... Storage, std::size_t... I, std::size_t... J>
  void compute_plain(std::int64_t first, Rows rows, const std::tuple<Storage*...>& values, std::index_sequence<I...>,
                     std::index_sequence<J...>) {
    compute(self_, first, rows, validity_, current_, Indices(), TypeList<typename Restricted<Storage*, restricted>::Type...>(),
            std::get<I>(readers_).column()..., std::get<J>(values)...);
  }

  template <std::size_t... I>
  void compute_any(std::int64_t words, std::index_sequence<I...>) {
    compute_words(self_, words, output_, validity_, current_, Indices(), std::get<I>(readers_).column()...);
  }

  /// What lies in null rows.
  template <class... Storage, std::size_t... J>
  static void clear_rows(std::int64_t first, std::int64_t end, const std::tuple<Storage*...>& values,
                         std::index_sequence<J...>) {
    const auto count = static_cast<std::size_t>(end - first);
    (std::memset(std::get<J>(values) + first, 0, count * sizeof(Storage)), ...);
  }

  /// Gives the result for one row to `use`, while the arguments that were made for it are still there: a result may be
  /// a view of one.
  template <class Use, std::size_t... I>
  static auto with_result(const Use& use, const Class* self, const std::uint64_t* const* validity, std::int64_t row,
                          std::index_sequence<I...>, typename Parameter<A>::Column... columns) {
    if constexpr (std::is_void_v<Class>) {
      return use(Call(Parameter<A>::read(columns, validity[I], row)...));
    } else {
      return use((self->*Call)(Parameter<A>::read(columns, validity[I], row)...));
    }
  }

  /// All rows from `first` until `end`.
  template <std::size_t... I, class... To>
  [[gnu::noinline]] static void compute(const Class* self, std::int64_t first, std::int64_t end,
                                        const std::uint64_t* const* validity, volatile std::int64_t*,
                                        std::index_sequence<I...> indices, TypeList<To...>, Column<A>... columns,
                                        std::type_identity_t<To>... to) {
    std::int64_t row = first;
    at_row<can_throw>(row, [&] {
      for (; row < end; ++row) {
        PlainOutput<Result>::write(row, with_result(same, self, validity, row, indices, columns...), to...);
      }
    });
  }

  /// Those rows of one word that `mask` has; `current` tells each before it is computed.
  template <std::size_t... I, class... To>
  [[gnu::noinline]] static void compute(const Class* self, std::int64_t first, std::uint64_t mask,
                                        const std::uint64_t* const* validity, volatile std::int64_t* current,
                                        std::index_sequence<I...> indices, TypeList<To...>, Column<A>... columns,
                                        std::type_identity_t<To>... to) {
    std::int64_t row = first;
    at_row<can_throw>(row, [&] {
      for (; mask != 0; mask &= mask - 1) {
        row = first + std::countr_zero(mask);
        *current = row;
        PlainOutput<Result>::write(row, with_result(same, self, validity, row, indices, columns...), to...);
      }
    });
  }

  /// Those rows that the mask of `output` has, and takes out of it those whose result is null.
  template <std::size_t... I>
  [[gnu::noinline]] static void compute_words(const Class* self, std::int64_t words, const Output& output,
                                              const std::uint64_t* const* validity, volatile std::int64_t* current,
                                              std::index_sequence<I...> indices, Column<A>... columns) {
    std::int64_t row = 0;
    const Output to = output;  // of its own, so that nothing that is written can change it
    const auto write = [&](const Result& result) {
      if constexpr (Outcome<Result>::can_fail) {
        if (!result) throw *result.error();
        return write_result<Value>(to, row, *result);
      } else {
        return write_result<Value>(to, row, result);
      }
    };
    at_row<can_throw>(row, [&] {
      for (std::int64_t word = 0; word < words; ++word) {
        std::uint64_t null = 0;
        // by runs of rows: a loop over the bits that are set takes more instructions for each
        const std::uint64_t mask = to.validity[word];
        for (std::int64_t bit = std::countr_zero(mask); bit < word_rows;) {
          std::int64_t end = bit + std::countr_one(mask >> bit);
          for (; bit < end; ++bit) {
            row = word * word_rows + bit;
            *current = row;
            const bool valid = with_result(write, self, validity, row, indices, columns...);
            if (!valid) null |= std::uint64_t{1} << bit;
          }
          if (bit < word_rows) bit += std::countr_zero(mask >> bit);
        }
        to.validity[word] &= ~null;
      }
    });
  }

  const Class* self_;
  const Input* inputs_;
  const Output& output_;
  std::int64_t rows_;
  std::int64_t* current_;
  const std::uint64_t* validity_[sizeof...(A) == 0 ? 1 : sizeof...(A)];
  std::tuple<typename Parameter<A>::From...> readers_;
};

}  // namespace udf::detail
