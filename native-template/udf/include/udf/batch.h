#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "udf/batch_column.h"
#include "udf/batch_rows.h"
#include "udf/callable.h"
#include "udf/kernel.h"
#include "udf/problems.h"
#include "udf/writer.h"

namespace udf::detail {

/// The element of a vector that a batch function returns.
template <class T>
struct BatchResult {
  static constexpr bool supported = false;
  using Value = double;
};
template <class R>
struct BatchResult<std::vector<R>> {
  static constexpr bool supported = true;
  using Value = R;
};

/// The last argument, where results are written to: the caller's own memory.
template <class T>
struct BatchTarget {
  static constexpr bool supported = false;
};
template <class R>
  requires(!std::is_const_v<R>)
struct BatchTarget<std::span<R>> {
  static constexpr bool supported = std::is_arithmetic_v<R>;
  using Value = R;
};

template <class Result, class Arguments>
struct BatchSignature;

/// What a batch function's type says: its columns, and whether it returns its results or writes them to a span.
template <class Result, class... A>
struct BatchSignature<Result, TypeList<A...>> {
 private:
  template <class... T>
  struct LastOf {
    using Type = void;
  };
  template <class First, class... T>
  struct LastOf<First, T...> {
    using Type = std::tuple_element_t<sizeof...(T), std::tuple<std::remove_cvref_t<First>, std::remove_cvref_t<T>...>>;
  };
  using Last = typename LastOf<A...>::Type;

  template <std::size_t... I>
  static auto first_of(std::index_sequence<I...>)
      -> TypeList<std::remove_cvref_t<std::tuple_element_t<I, std::tuple<A...>>>...>;
  template <class... C>
  static auto values_of(TypeList<C...>) -> TypeList<typename BatchArgument<C>::Value...>;

  template <bool is_written, class Target, class Returned>
  struct ResultOf {
    using Type = typename Returned::Value;
  };
  template <class Target, class Returned>
  struct ResultOf<true, Target, Returned> {
    using Type = typename Target::Value;
  };

 public:
  /// The results are written to the last argument.
  static constexpr bool writes = std::is_void_v<Result> && BatchTarget<Last>::supported;
  static constexpr bool gives = writes || BatchResult<Result>::supported;
  static constexpr std::size_t arity = sizeof...(A) - (writes ? 1 : 0);
  /// The columns, as the function takes them, and what one row of each holds.
  using Columns = decltype(first_of(std::make_index_sequence<arity>()));
  using Values = decltype(values_of(Columns()));
  using Value = typename ResultOf<writes, BatchTarget<Last>, BatchResult<Result>>::Type;
};

template <class... C>
consteval bool are_batch_columns(TypeList<C...>) {
  return (BatchArgument<C>::supported && ...);
}

template <auto Call, class Class, class Signature, class Columns = typename Signature::Columns>
class BatchOf;

/// Computes a batch function. Rows with a null that it must not see are left out before, and their result is null.
template <auto Call, class Class, class Signature, class... C>
class BatchOf<Call, Class, Signature, TypeList<C...>> {
  using Value = typename Signature::Value;
  using Indices = std::index_sequence_for<C...>;

 public:
  static void run(const void* state, const Input* inputs, const Output& output, std::int64_t rows,
                  std::int64_t*) {
    constexpr std::int64_t no_row = -1;
    static const Field fields[] = {field_of<typename BatchArgument<C>::Value>("")...};
    clear(output, rows);
    const auto words = static_cast<std::size_t>(word_count(rows));
    if (words > 0) std::memset(output.validity, 0, words * sizeof(std::uint64_t));
    at_row<true>(no_row, [&] {
      const BatchRows seen(fields, inputs, sizeof...(C), rows);
      if (seen.count() > 0) compute(static_cast<const Class*>(state), seen, output, Indices());
    });
    finish(output, rows);
  }

 private:
  template <std::size_t... I>
  static void compute(const Class* self, const BatchRows& seen, const Output& output, std::index_sequence<I...>) {
    std::tuple<BatchArgument<C>...> columns(seen.input(I)...);
    const auto call = [&](auto&... more) -> decltype(auto) {
      if constexpr (std::is_void_v<Class>) {
        return Call(std::get<I>(columns).get()..., more...);
      } else {
        return (self->*Call)(std::get<I>(columns).get()..., more...);
      }
    };
    const auto count = static_cast<std::size_t>(seen.count());
    if constexpr (!Signature::writes) {
      const auto& results = call();
      if (results.size() != count) wrong_length(results.size(), seen.count());
      write(seen, output, results);
    } else if (seen.all()) {
      std::span<Value> target(static_cast<Value*>(output.values), count);
      call(target);
      for (std::int64_t word = 0; word < word_count(seen.count()); ++word) {
        output.validity[word] = first_rows(seen.count() - word * word_rows);
      }
    } else {
      const auto memory = std::make_unique<Value[]>(count);
      std::span<Value> target(memory.get(), count);
      call(target);
      write(seen, output, target);
    }
  }

  template <class Results>
  static void write(const BatchRows& seen, const Output& output, const Results& results) {
    for (std::int64_t index = 0; index < seen.count(); ++index) {
      const std::int64_t row = seen.row(index);
      const auto& result = static_cast<const Value&>(results[static_cast<std::size_t>(index)]);
      if (write_result<Value>(output, row, result)) set_valid(output.validity, row);
    }
  }
};

}  // namespace udf::detail
