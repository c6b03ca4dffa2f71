#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "udf/callable.h"
#include "udf/kernel.h"
#include "udf/result.h"
#include "udf/writer.h"

namespace udf::detail {

/// What an aggregate's class has: `void add(values…)`, `void merge(const Class&)` and `R finish() const`.
template <class Class>
struct AggregateParts {
  static constexpr bool makeable = std::is_default_constructible_v<Class>;
  static constexpr bool merges = requires(Class& one, const Class& other) { one.merge(other); };
  static constexpr bool finishes = requires(const Class& one) { one.finish(); };
  static constexpr bool adds = false;
  using Arguments = TypeList<>;
};
template <class Class>
  requires(requires { &Class::add; })
struct AggregateParts<Class> {
  static constexpr bool makeable = std::is_default_constructible_v<Class>;
  static constexpr bool merges = requires(Class& one, const Class& other) { one.merge(other); };
  static constexpr bool finishes = requires(const Class& one) { one.finish(); };
  using Add = Callable<decltype(&Class::add)>;
  static constexpr bool adds = [] {
    if constexpr (Add::supported) {
      return std::is_void_v<typename Add::Result>;
    } else {
      return false;
    }
  }();
  using Arguments = typename Add::Arguments;
};

/// What `finish` gives; a number where there is none, so that one mistake is one error.
template <class Class>
struct AggregateResult {
  using Type = double;
};
template <class Class>
  requires(AggregateParts<Class>::finishes)
struct AggregateResult<Class> {
  using Type = std::remove_cvref_t<decltype(std::declval<const Class&>().finish())>;
};

[[noreturn, gnu::cold]] inline void lists_differ(std::uint64_t first, std::uint64_t other) {
  throw std::invalid_argument("its arguments have " + std::to_string(first) + " and " + std::to_string(other) + " values");
}

/// A group of more rows than this is computed in parts of so many, each by an object of its own, which are then merged:
/// so engines that share the rows of a group compute the same, and a sum of many numbers is more exact.
inline constexpr std::uint64_t usual_part_rows = 65'536;
/// What holds in this process; tests set it lower.
extern constinit std::atomic<std::uint64_t> part_rows;

template <class Class, class Arguments>
class AggregateOf;

/// Computes an aggregate over groups: each argument is a list of the group's values, and a null list is an empty one. A
/// value that is null where `add` has no place for one leaves its row out.
template <class Class, class... A>
class AggregateOf<Class, TypeList<A...>> {
  using Result = typename AggregateResult<Class>::Type;
  using Value = typename Outcome<Result>::Value;
  using Indices = std::index_sequence_for<A...>;

 public:
  static void run(const void*, const Input* inputs, const Output& output, std::int64_t rows, std::int64_t* current) {
    std::int64_t unwatched = 0;
    clear(output, rows);
    const auto words = static_cast<std::size_t>(word_count(rows));
    if (words > 0) std::memset(output.validity, 0, words * sizeof(std::uint64_t));
    compute(inputs, output, rows, current == nullptr ? unwatched : *current, Indices());
    finish(output, rows);
  }

 private:
  template <std::size_t... I>
  static void compute(const Input* inputs, const Output& output, std::int64_t groups, std::int64_t& current,
                      std::index_sequence<I...>) {
    std::tuple<typename Parameter<A>::From...> readers(inputs[I].children[0]...);
    const std::uint64_t part = part_rows.load(std::memory_order_relaxed);
    at_row<true>(current, [&] {
      for (std::int64_t group = 0; group < groups; ++group) {
        current = group;
        const ListEntry lists[] = {list_of(inputs[I], group)...};
        for (const ListEntry& list : lists) {
          if (list.count != lists[0].count) lists_differ(lists[0].count, list.count);
        }
        const auto add = [&](Class& aggregate, std::uint64_t first, std::uint64_t end) {
          for (std::uint64_t index = first; index < end; ++index) {
            const auto row = [&](std::size_t argument) { return static_cast<std::int64_t>(lists[argument].first + index); };
            const bool whole = ((Parameter<A>::nullable || is_valid(inputs[I].children[0].validity, row(I))) && ...);
            if (!whole) continue;
            aggregate.add(
                Parameter<A>::read(std::get<I>(readers).column(), inputs[I].children[0].validity, row(I))...);
          }
        };
        Class aggregate{};
        take(aggregate, {0, lists[0].count}, part, add);
        write(output, group, std::as_const(aggregate).finish());
      }
    });
  }

  struct Range {
    std::uint64_t first, end;
  };

  /// Takes rows in: by halves, until they are parts of at most `part` rows.
  template <class Add>
  static void take(Class& aggregate, Range rows, std::uint64_t part, const Add& add) {
    const std::uint64_t count = rows.end - rows.first;
    if (count <= part) return add(aggregate, rows.first, rows.end);
    const std::uint64_t parts = (count + part - 1) / part;
    const std::uint64_t middle = rows.first + parts / 2 * part;
    take(aggregate, {rows.first, middle}, part, add);
    Class rest{};
    take(rest, {middle, rows.end}, part, add);
    aggregate.merge(std::as_const(rest));
  }

  static ListEntry list_of(const Input& input, std::int64_t group) {
    if (!is_valid(input.validity, group)) return {0, 0};
    return ListEntries(input)[group];
  }

  static void write(const Output& output, std::int64_t group, const Result& result) {
    bool present = false;
    if constexpr (Outcome<Result>::can_fail) {
      if (!result) throw *result.error();
      present = write_result<Value>(output, group, *result);
    } else {
      present = write_result<Value>(output, group, result);
    }
    if (present) set_valid(output.validity, group);
  }
};

}  // namespace udf::detail
