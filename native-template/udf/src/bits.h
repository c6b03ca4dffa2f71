#pragma once

#include <cstdint>
#include <cstring>

#include "udf/column.h"

namespace udf::detail {

// Masks and booleans go by words of 64 rows. A module runs on every x86-64, so there is no instruction that counts bits:
// the builtin would be a call for each word.

/// How many bits of a word are 1: sums of neighbours, in place.
constexpr std::int64_t count_ones(std::uint64_t word) {
  word -= (word >> 1) & 0x5555555555555555;
  word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<std::int64_t>((word * 0x0101010101010101) >> 56);
}

/// How many rows of a mask are null; its bits after the last row are 0. Most masks have long runs without a null, which
/// are passed over several words at a time.
inline std::int64_t count_nulls(const std::uint64_t* validity, std::int64_t rows) {
  const std::int64_t words = word_count(rows);
  const auto four = [&](std::int64_t at) { return validity[at] & validity[at + 1] & validity[at + 2] & validity[at + 3]; };
  std::int64_t present = 0;
  for (std::int64_t word = 0; word < words;) {
    if (words - word >= 8 && (four(word) & four(word + 4)) == ~std::uint64_t{0}) {
      present += 8 * word_rows;
      word += 8;
    } else {
      present += count_ones(validity[word++]);
    }
  }
  return rows - present;
}

/// Gives `use(word, bits)` the bits from `first` on, 64 at a time, and 0 after the last of `count`; reads no byte that
/// has none of them.
template <class Use>
void for_each_word(const std::uint8_t* bits, std::int64_t first, std::int64_t count, const Use& use) {
  if (count == 0) return;  // then there may be no bits at all
  const std::uint8_t* const begin = bits + first / 8;
  const auto shift = static_cast<unsigned>(first % 8);
  const std::int64_t bytes = (static_cast<std::int64_t>(shift) + count + 7) / 8;
  for (std::int64_t word = 0; word < word_count(count); ++word) {
    const std::int64_t at = word * 8;
    std::uint64_t here = 0;
    std::memcpy(&here, begin + at, static_cast<std::size_t>(bytes - at < 8 ? bytes - at : 8));
    here >>= shift;
    if (shift > 0 && at + 8 < bytes) here |= static_cast<std::uint64_t>(begin[at + 8]) << (64 - shift);
    use(word, here & first_rows(count - word * word_rows));
  }
}

/// Eight bits as eight bytes of 0 or 1, the lowest first.
constexpr std::uint64_t bytes_of_bits(std::uint8_t bits) {
  const std::uint64_t each = (std::uint64_t{bits} * 0x0101010101010101) & 0x8040201008040201;
  return ((each + 0x7f7f7f7f7f7f7f7f) >> 7) & 0x0101010101010101;
}

/// Eight bytes of 0 or 1 as eight bits, the lowest first.
constexpr std::uint8_t bits_of_bytes(std::uint64_t bytes) {
  return static_cast<std::uint8_t>((bytes * 0x0102040810204080) >> 56);
}

}  // namespace udf::detail
