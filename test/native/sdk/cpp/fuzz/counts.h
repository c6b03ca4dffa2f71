#pragma once

#include <cstdint>

/// How many inputs there were, how many import accepted, and for how many of these the function gave a result: a fuzzer
/// whose inputs are all refused tries nothing.
struct Counts {
  std::int64_t runs;
  std::int64_t accepted;
  std::int64_t computed;
};
extern Counts counts;
