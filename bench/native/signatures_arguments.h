#pragma once

// The arguments of the benchmark of signatures: Arrow arrays with random values, dense or with 10 % nulls.

#include <udf/abi.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

/// In one batch.
inline constexpr std::int64_t rows = 32 * 1024;
/// Other rows in each, so that no processor learns by heart which are null.
inline constexpr int batches = 8;
inline constexpr std::int64_t words = (rows + 63) / 64;
inline constexpr std::int64_t list_length = 32;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, Free>;

template <class T>
T* allocate(std::vector<Memory>& into, std::int64_t count) {
  const std::size_t bytes = (static_cast<std::size_t>(count) * sizeof(T) + 63) / 64 * 64;
  into.emplace_back(std::aligned_alloc(64, bytes));
  return static_cast<T*>(into.back().get());
}

/// An Arrow array with its buffers.
struct Array {
  std::vector<std::vector<std::uint64_t>> memory;
  std::vector<const void*> buffers;
  std::unique_ptr<Array> child;
  ArrowArray* children[1] = {};
  ArrowSchema* child_schemas[1] = {};
  ArrowArray array{};
  ArrowSchema schema{};

  template <class T>
  T* add(std::size_t count) {
    memory.emplace_back((count * sizeof(T) + 7) / 8 + 1);
    buffers.push_back(memory.back().data());
    return reinterpret_cast<T*>(memory.back().data());
  }

  void end(const char* format, std::int64_t length, std::int64_t nulls) {
    if (child) {
      children[0] = &child->array;
      child_schemas[0] = &child->schema;
    }
    array = {length, nulls, 0, static_cast<std::int64_t>(buffers.size()), child ? 1 : 0, buffers.data(), children, nullptr,
             [](ArrowArray*) {}, nullptr};
    schema = {format, "", nullptr, ARROW_FLAG_NULLABLE, child ? 1 : 0, child_schemas, nullptr, [](ArrowSchema*) {}, nullptr};
  }
};

using Column = std::unique_ptr<Array>;

inline std::mt19937_64& generator() {
  static std::mt19937_64 made(7);
  return made;
}

inline std::int64_t add_validity(Array& array, bool with_nulls) {
  if (!with_nulls) {
    array.buffers.push_back(nullptr);
    return 0;
  }
  auto* const mask = array.add<std::uint64_t>(words);
  std::bernoulli_distribution null(0.1);
  std::int64_t nulls = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (null(generator())) {
      ++nulls;
    } else {
      mask[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }
  return nulls;
}

template <class T, class Make>
Column values(const char* format, bool with_nulls, const Make& make) {
  auto column = std::make_unique<Array>();
  const std::int64_t nulls = add_validity(*column, with_nulls);
  auto* const to = column->add<T>(rows);
  for (std::int64_t row = 0; row < rows; ++row) to[row] = make();
  column->end(format, rows, nulls);
  return column;
}

inline Column doubles(bool with_nulls) {
  return values<double>("g", with_nulls, [] { return std::uniform_real_distribution<double>(-60, 60)(generator()); });
}
inline Column integers(bool with_nulls) {
  return values<std::int64_t>("l", with_nulls, [] { return static_cast<std::int64_t>(generator()()); });
}
inline Column times(bool with_nulls) {
  return values<std::int64_t>("tsu:UTC", with_nulls, [] { return static_cast<std::int64_t>(generator()() >> 13); });
}
inline Column booleans(bool with_nulls) {
  auto column = std::make_unique<Array>();
  const std::int64_t nulls = add_validity(*column, with_nulls);
  auto* const bits = column->add<std::uint64_t>(words);
  for (std::int64_t word = 0; word < words; ++word) bits[word] = generator()();
  column->end("b", rows, nulls);
  return column;
}
inline Column texts(bool with_nulls) {
  auto column = std::make_unique<Array>();
  const std::int64_t nulls = add_validity(*column, with_nulls);
  auto* const offsets = column->add<std::int32_t>(rows + 1);
  std::string bytes;
  for (std::int64_t row = 0; row < rows; ++row) {
    bytes += ' ';
    bytes.append(3 + generator()() % 12, 'x');
    offsets[row + 1] = static_cast<std::int32_t>(bytes.size());
  }
  std::memcpy(column->add<char>(bytes.size()), bytes.data(), bytes.size());
  column->end("u", rows, nulls);
  return column;
}
inline Column embeddings(bool with_nulls) {
  auto column = std::make_unique<Array>();
  const std::int64_t nulls = add_validity(*column, with_nulls);
  auto* const offsets = column->add<std::int32_t>(rows + 1);
  for (std::int64_t row = 0; row <= rows; ++row) offsets[row] = static_cast<std::int32_t>(row * list_length);
  column->child = std::make_unique<Array>();
  column->child->buffers.push_back(nullptr);
  auto* const to = column->child->add<float>(rows * list_length);
  for (std::int64_t at = 0; at < rows * list_length; ++at) to[at] = std::uniform_real_distribution<float>(-1, 1)(generator());
  column->child->end("f", rows * list_length, 0);
  column->end("+l", rows, nulls);
  return column;
}
