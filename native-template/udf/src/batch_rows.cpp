#include "udf/batch_rows.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string>

#include "arena.h"
#include "messages.h"
#include "take_rows.h"

namespace udf::detail {

BatchRows::BatchRows(const Field* fields, const Input* inputs, std::size_t columns, std::int64_t rows)
    : count_(rows), inputs_(inputs, inputs + columns) {
  const auto must_be_there = [&](std::size_t column) { return !fields[column].nullable && inputs[column].validity != nullptr; };
  std::vector<std::uint64_t> mask;
  for (std::size_t column = 0; column < columns; ++column) {
    if (!must_be_there(column)) continue;
    mask.resize(static_cast<std::size_t>(word_count(rows)), ~std::uint64_t{0});
    for (std::size_t word = 0; word < mask.size(); ++word) mask[word] &= inputs[column].validity[word];
  }
  if (mask.empty()) return;
  count_ = 0;
  for (std::int64_t word = 0; word < word_count(rows); ++word) {
    std::uint64_t& bits = mask[static_cast<std::size_t>(word)];
    bits &= first_rows(rows - word * word_rows);
    count_ += std::popcount(bits);
  }
  if (count_ == rows || count_ == 0) return;
  rows_.reserve(static_cast<std::size_t>(count_));
  for (std::int64_t row = 0; row < rows; ++row) {
    if (is_valid(mask.data(), row)) rows_.push_back(row);
  }
  arena_ = std::make_unique<Arena>();
  const Input seen{nullptr, nullptr, nullptr, count_};
  for (std::size_t column = 0; column < columns; ++column) {
    inputs_[column] = take_rows(inputs[column], fields[column].type, rows_.data(), seen, *arena_);
  }
}

BatchRows::~BatchRows() = default;

void wrong_length(std::size_t given, std::int64_t rows) {
  throw std::length_error(joined({"it gave ", std::to_string(given), given == 1 ? " result for " : " results for ",
                                  std::to_string(rows), rows == 1 ? " row" : " rows"}));
}

}  // namespace udf::detail
