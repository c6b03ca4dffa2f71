#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "udf/config.h"

namespace udf {

/// Reads a config file of comma-separated values whose first line names the columns (RFC 4180: fields in double quotes
/// may hold commas, line ends, and doubled quotes; lines end with LF or CRLF).
///
///     udf::Csv csv(config);
///     const auto code = csv.column("iata"), latitude = csv.column("latitude");
///     while (csv.next()) places.emplace(csv.text(code), csv.number(latitude));
///
/// Everything that is wrong in the file is a ConfigError with file, line and column.
class Csv {
 public:
  /// Reads the line of names. `config` must outlive this object.
  explicit Csv(const Config& config);

  /// The index of a column. Throws ConfigError when there is none of that name.
  std::size_t column(std::string_view name) const;

  /// Goes to the next row; false after the last one. Empty lines are left out.
  bool next();

  /// A field of the current row. Without quotes in the file it is a view of the config's text, and lives as long;
  /// with quotes it lives until `next`.
  std::string_view text(std::size_t column) const;
  /// A field as a number. Throws ConfigError when it is none.
  double number(std::size_t column) const;
  /// A field as an integer. Throws ConfigError when it is none, or out of range.
  std::int64_t integer(std::size_t column) const;

  /// Says that a field is wrong: throws ConfigError with file, line and the column's name.
  [[noreturn]] void fail(std::size_t column, std::string_view why) const;

 private:
  [[noreturn]] void fail_here(std::string_view why) const;
  bool read_row();
  std::string_view read_field();
  std::string_view read_quoted_field();

  const Config* config_;
  std::string_view rest_;
  /// Of the current row's first line, and of what is read next.
  std::size_t line_ = 1;
  std::size_t next_line_ = 1;
  std::vector<std::string> names_;
  std::vector<std::string_view> fields_;
  /// Fields with doubled quotes, as they are meant. A deque, so that views of them stay.
  std::deque<std::string> unquoted_;
};

}  // namespace udf
