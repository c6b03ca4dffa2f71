#pragma once

// The loops by hand of the benchmark of signatures, as a good author would write them for one signature and one layout.
// Each makes the buffers of an Arrow array, and takes a checksum of them where one is asked for.

#include <algorithm>
#include <tuple>
#include <utility>

#include "signatures.h"
#include "signatures_arguments.h"
#include "signatures_results.h"

// ---- How they read a row of each type:

template <class T>
struct Values {
  const T* at;
  explicit Values(const ArrowArray& array) : at(static_cast<const T*>(array.buffers[1])) {}
  T operator[](std::int64_t row) const { return at[row]; }
};
struct Times : Values<std::int64_t> {
  using Values::Values;
  Microseconds operator[](std::int64_t row) const { return Microseconds(std::chrono::microseconds(at[row])); }
};
struct Bits {
  const std::uint64_t* at;
  explicit Bits(const ArrowArray& array) : at(static_cast<const std::uint64_t*>(array.buffers[1])) {}
  bool operator[](std::int64_t row) const { return (at[row / 64] >> (row % 64) & 1) != 0; }
};
struct Texts {
  const std::int32_t* offsets;
  const char* bytes;
  explicit Texts(const ArrowArray& array)
      : offsets(static_cast<const std::int32_t*>(array.buffers[1])), bytes(static_cast<const char*>(array.buffers[2])) {}
  std::string_view operator[](std::int64_t row) const {
    return {bytes + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
  }
};
struct Embeddings {
  const std::int32_t* offsets;
  const float* elements;
  explicit Embeddings(const ArrowArray& array)
      : offsets(static_cast<const std::int32_t*>(array.buffers[1])),
        elements(static_cast<const float*>(array.children[0]->buffers[1])) {}
  std::span<const float> operator[](std::int64_t row) const {
    return {elements + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
  }
};
struct OptionalDoubles {
  const std::uint64_t* validity;
  const double* at;
  explicit OptionalDoubles(const ArrowArray& array)
      : validity(static_cast<const std::uint64_t*>(array.buffers[0])), at(static_cast<const double*>(array.buffers[1])) {}
  std::optional<double> operator[](std::int64_t row) const {
    if (validity != nullptr && (validity[row / 64] >> (row % 64) & 1) == 0) return std::nullopt;
    return at[row];
  }
};

using Arguments = std::vector<const ArrowArray*>;

inline bool has_nulls(const Arguments& arguments) {
  return std::ranges::any_of(arguments, [](const ArrowArray* array) { return array->null_count > 0; });
}

/// The rows that are null in no argument.
inline const std::uint64_t* present(const Arguments& arguments, std::vector<Memory>& memory) {
  auto* const mask = allocate<std::uint64_t>(memory, words);
  std::memset(mask, 0xff, words * sizeof *mask);
  for (const ArrowArray* array : arguments) {
    const auto* const validity = static_cast<const std::uint64_t*>(array->buffers[0]);
    for (std::int64_t word = 0; validity != nullptr && word < words; ++word) mask[word] &= validity[word];
  }
  return mask;
}

/// Calls `use` for every row, with whether it is present. Gives the mask, null where no row is null.
template <class Use>
[[gnu::always_inline]] inline const std::uint64_t* for_rows(const Arguments& arguments, std::vector<Memory>& memory, const Use& use) {
  if (!has_nulls(arguments)) {
    for (std::int64_t row = 0; row < rows; ++row) use(row, true);
    return nullptr;
  }
  const std::uint64_t* const mask = present(arguments, memory);
  for (std::int64_t row = 0; row < rows; ++row) use(row, (mask[row / 64] >> (row % 64) & 1) != 0);
  return mask;
}

/// Computes one batch; `sum` is null while the time is taken.
using Hand = void (*)(const Arguments& arguments, Checksum* sum);

template <auto function, class Out, class... Columns>
[[gnu::noinline]] void hand_values(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  Out* const __restrict out = allocate<Out>(memory, rows);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const std::tuple<Columns...> columns{Columns(*arguments[I])...};
    const std::uint64_t* const mask = for_rows(arguments, memory, [&](std::int64_t row, bool valid) {
      out[row] = valid ? static_cast<Out>(function(std::get<I>(columns)[row]...)) : Out{};
    });
    if (sum != nullptr) sum->add_numbers(mask, out, rows);
  }(std::index_sequence_for<Columns...>());
}

[[gnu::noinline]] inline void hand_day_of(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  auto* const __restrict out = allocate<std::int32_t>(memory, rows);
  const Times times_of(*arguments[0]);
  const std::uint64_t* const mask = for_rows(arguments, memory, [&](std::int64_t row, bool valid) {
    out[row] = valid ? static_cast<std::int32_t>(day_of(times_of[row]).time_since_epoch().count()) : 0;
  });
  if (sum != nullptr) sum->add_numbers(mask, out, rows);
}

[[gnu::noinline]] inline void hand_either(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  auto* const out = allocate<std::uint64_t>(memory, words);
  const Bits a(*arguments[0]);
  const Bits b(*arguments[1]);
  const std::uint64_t* const mask = has_nulls(arguments) ? present(arguments, memory) : nullptr;
  for (std::int64_t word = 0; word < words; ++word) {
    std::uint64_t made = 0;
    for (std::int64_t bit = 0; bit < 64; ++bit) {
      const std::int64_t row = word * 64 + bit;
      const bool is_there = mask == nullptr || (mask[word] >> bit & 1) != 0;
      made |= static_cast<std::uint64_t>(is_there && either(a[row], b[row])) << bit;
    }
    out[word] = made;
  }
  for (std::int64_t row = 0; sum != nullptr && row < rows; ++row) {
    sum->add_present(Checksum::is_present(mask, row));
    sum->add_number(Checksum::is_present(out, row));
  }
}

[[gnu::noinline]] inline void hand_first_of(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  auto* const __restrict out = allocate<double>(memory, rows);
  auto* const __restrict validity = allocate<std::uint64_t>(memory, words);
  const OptionalDoubles a(*arguments[0]);
  const OptionalDoubles b(*arguments[1]);
  for (std::int64_t word = 0; word < words; ++word) {
    std::uint64_t made = 0;
    for (std::int64_t bit = 0; bit < 64; ++bit) {
      const std::int64_t row = word * 64 + bit;
      const std::optional<double> result = first_of(a[row], b[row]);
      out[row] = result ? *result : 0;
      made |= static_cast<std::uint64_t>(result.has_value()) << bit;
    }
    validity[word] = made;
  }
  if (sum != nullptr) sum->add_numbers(validity, out, rows);
}

template <auto function, class... Columns>
[[gnu::noinline]] void hand_texts(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  auto* const offsets = allocate<std::int32_t>(memory, rows + 1);
  std::string bytes;
  offsets[0] = 0;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const std::tuple<Columns...> columns{Columns(*arguments[I])...};
    const std::uint64_t* const mask = for_rows(arguments, memory, [&](std::int64_t row, bool valid) {
      if (valid) bytes += function(std::get<I>(columns)[row]...);
      offsets[row + 1] = static_cast<std::int32_t>(bytes.size());
    });
    for (std::int64_t row = 0; sum != nullptr && row < rows; ++row) {
      sum->add_present(Checksum::is_present(mask, row));
      sum->add_text(std::string_view(bytes).substr(static_cast<std::size_t>(offsets[row]), static_cast<std::size_t>(offsets[row + 1] - offsets[row])));
    }
  }(std::index_sequence_for<Columns...>());
}

[[gnu::noinline]] inline void hand_turned(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  auto* const __restrict x = allocate<double>(memory, rows);
  auto* const __restrict y = allocate<double>(memory, rows);
  const Values<double> a(*arguments[0]);
  const Values<double> b(*arguments[1]);
  const std::uint64_t* const mask = for_rows(arguments, memory, [&](std::int64_t row, bool valid) {
    const Point point = valid ? turned(a[row], b[row]) : Point{};
    x[row] = point.x;
    y[row] = point.y;
  });
  for (std::int64_t row = 0; sum != nullptr && row < rows; ++row) {
    sum->add_present(Checksum::is_present(mask, row));
    for (const double field : {x[row], y[row]}) {
      sum->add_present(Checksum::is_present(mask, row));
      sum->add_number(field);
    }
  }
}

[[gnu::noinline]] inline void hand_powers(const Arguments& arguments, Checksum* sum) {
  std::vector<Memory> memory;
  auto* const offsets = allocate<std::int32_t>(memory, rows + 1);
  std::vector<double> elements;
  offsets[0] = 0;
  const Values<double> x(*arguments[0]);
  const std::uint64_t* const mask = for_rows(arguments, memory, [&](std::int64_t row, bool valid) {
    if (valid) {
      const std::vector<double> made = powers(x[row]);
      elements.insert(elements.end(), made.begin(), made.end());
    }
    offsets[row + 1] = static_cast<std::int32_t>(elements.size());
  });
  for (std::int64_t row = 0; sum != nullptr && row < rows; ++row) {
    sum->add_present(Checksum::is_present(mask, row));
    sum->add_number(offsets[row + 1] - offsets[row]);
    sum->add_numbers(nullptr, elements.data() + offsets[row], offsets[row + 1] - offsets[row]);
  }
}
