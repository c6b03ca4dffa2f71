#include "table.h"

#include <udf/csv.h>

#include <stdexcept>

namespace {
std::int32_t tables = 0;
std::int32_t counters = 0;
}  // namespace

Table::Table(const udf::Config& config) : serial_(++tables) {
  udf::Csv csv(config);
  const auto key = csv.column("key"), value = csv.column("value");
  while (csv.next()) {
    if (csv.text(key) == "boom") throw std::runtime_error("boom from " + std::string(config.name()));
    if (csv.text(key) == "refused") csv.fail(key, "is refused");
    if (csv.text(key) == "whole") csv.integer(value);
    // a key in quotes does not outlive its row
    const std::string_view text = csv.text(key);
    const bool in_file = text.data() >= config.text().data() && text.data() < config.text().data() + config.text().size();
    values_.emplace(in_file ? text : *new std::string(text), csv.number(value));
  }
}

std::optional<double> Table::find(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Counter::Counter() : serial_(++counters) {}
