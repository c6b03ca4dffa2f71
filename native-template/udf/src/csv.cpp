#include "udf/csv.h"

#include <algorithm>
#include <charconv>

#include "messages.h"

namespace udf {

Csv::Csv(const Config& config) : config_(&config), rest_(config.text()) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  if (!read_row()) fail_here("the line of column names is missing");
  names_.assign(fields_.begin(), fields_.end());
}

std::size_t Csv::column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  std::string known;
  for (const std::string& other : names_) known += detail::joined({known.empty() ? "" : ", ", other});
  throw ConfigError(detail::joined({config_->path(), ":1: there is no column \"", name, "\"; there is: ", known}));
}

bool Csv::next() {
  if (!read_row()) return false;
  if (fields_.size() != names_.size()) {
    fail_here(detail::joined({"the row has ", std::to_string(fields_.size()), " fields, and there are ",
                              std::to_string(names_.size()), " columns"}));
  }
  return true;
}

std::string_view Csv::text(std::size_t column) const { return fields_.at(column); }

double Csv::number(std::size_t column) const {
  const std::string_view field = text(column);
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) {
    fail(column, detail::joined({"\"", field, "\" is not a number"}));
  }
  return value;
}

std::int64_t Csv::integer(std::size_t column) const {
  const std::string_view field = text(column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) {
    fail(column, detail::joined({"\"", field, "\" is not an integer"}));
  }
  return value;
}

void Csv::fail(std::size_t column, std::string_view why) const {
  fail_here(detail::joined({names_.at(column), ": ", why}));
}

void Csv::fail_here(std::string_view why) const {
  throw ConfigError(detail::joined({config_->path(), ":", std::to_string(line_), ": ", why}));
}

bool Csv::read_row() {
  fields_.clear();
  unquoted_.clear();
  while (rest_.starts_with('\n') || rest_.starts_with("\r\n")) {
    rest_.remove_prefix(rest_.front() == '\n' ? 1 : 2);
    ++next_line_;
  }
  line_ = next_line_;
  if (rest_.empty()) return false;
  for (;;) {
    fields_.push_back(rest_.starts_with('"') ? read_quoted_field() : read_field());
    if (rest_.starts_with(',')) {
      rest_.remove_prefix(1);
      continue;
    }
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) {
      rest_.remove_prefix(1);
      ++next_line_;
    }
    return true;
  }
}

std::string_view Csv::read_field() {
  std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
  const bool carriage_return = end < rest_.size() && rest_[end] == '\n' && end > 0 && rest_[end - 1] == '\r';
  if (carriage_return) --end;
  const std::string_view field = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return field;
}

std::string_view Csv::read_quoted_field() {
  rest_.remove_prefix(1);
  std::string& field = unquoted_.emplace_back();
  for (;;) {
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) fail_here("a quoted field has no end");
    const std::string_view part = rest_.substr(0, quote);
    next_line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
    field += part;
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;  // two quotes are one
    field += '"';
    rest_.remove_prefix(1);
  }
  if (!rest_.empty() && rest_.front() != ',' && rest_.front() != '\n' && !rest_.starts_with("\r\n")) {
    fail_here("a quoted field goes on after its closing quote");
  }
  return field;
}

}  // namespace udf
