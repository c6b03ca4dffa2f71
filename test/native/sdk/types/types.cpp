#include <udf/udf.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kinds.h"
#include "table.h"

using namespace udf::literals;

namespace {

template <class T>
T same(T value) {
  return value;
}

template <class T>
std::optional<T> maybe(std::optional<T> value) noexcept {
  return value;
}

std::string text(std::string_view value) { return std::string(value); }
/// A view of an argument that was made for the call.
std::string_view second_half(const std::string& value) { return std::string_view(value).substr(value.size() / 2); }
std::optional<std::string> maybe_text(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  // of "<" + std::string(*value) g++ 12 warns for nothing (its PR 105651)
  return std::string("<").append(*value).append(">");
}

std::int32_t count_nulls(std::optional<double> a, std::optional<std::string> b, const std::optional<bool>& c) {
  return (a ? 0 : 1) + (b ? 0 : 1) + (c ? 0 : 1);
}

double sum(double a, double b) noexcept { return a + b; }
std::optional<double> quotient(double a, double b) noexcept {
  if (b == 0) return std::nullopt;
  return a / b;
}
/// Required and optional arguments side by side.
double sum_or(double a, std::optional<double> b) noexcept { return a + b.value_or(1000); }

double fail_at(std::int64_t row, std::int64_t bad) {
  if (row == bad) throw std::range_error("row " + std::to_string(row) + " is bad");
  return static_cast<double>(row);
}
bool fail_oddly(std::int32_t how) {
  if (how == 1) throw 7;
  if (how == 2) throw "a text";
  if (how == 3) throw std::string("a string");
  return true;
}

}  // namespace

namespace shop {

struct All {
  bool flag;
  std::int32_t small;
  std::int64_t big;
  float narrow;
  double wide;
  std::string text;
  std::optional<double> maybe_wide;
  std::optional<std::string> maybe_text;
  std::optional<bool> maybe_flag;
};
UDF_STRUCT(All, flag, small, big, narrow, wide, text, maybe_wide, maybe_text, maybe_flag)

All all(std::int32_t n) {
  const bool even = n % 2 == 0;
  All result{even, n, std::int64_t{n} << 40, 0.5F * static_cast<float>(n), n / 4.0, std::to_string(n), {}, {}, {}};
  if (even) {
    result.maybe_wide = n * 1.25;
    result.maybe_text = "n" + std::to_string(n);
    result.maybe_flag = n % 4 == 0;
  }
  return result;
}

std::optional<All> maybe_all(std::optional<std::int32_t> n) {
  if (!n || *n < 0) return std::nullopt;
  return all(*n);
}

struct Wide {
  std::int32_t a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;
};
UDF_STRUCT(Wide, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
Wide wide(std::int32_t n) {
  return {n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, n + 10, n + 11, n + 12, n + 13, n + 14, n + 15};
}

}  // namespace shop

/// Mistakes that only loading can find, by the name that a test gives.
void register_wrongly(udf::Module& m, std::string_view mistake) {
  if (mistake == "function twice") m.row<sum>("sum", "a"_a, "b"_a);
  if (mistake == "argument twice") m.row<sum>("sum_of_one", "a"_a, "a"_a);
  if (mistake == "function name") m.row<sum>("the sum", "a"_a, "b"_a);
  if (mistake == "argument name") m.row<sum>("sum2", "1a"_a, "b"_a);
  if (mistake == "no config") m.row<&Table::find>("find_without_config", "key"_a);
  if (mistake == "exception") throw std::runtime_error("thrown while registering");
}

UDF_MODULE(types, m) {
  kinds::add(m);
  m.row<same<double>>("documented", "value"_a).doc("Line one.\nSays \"two\" \\ \t ümlaut.");
  m.row<text>("same_text", "value"_a);
  m.row<second_half>("second_half", "value"_a);
  m.row<maybe_text>("maybe_text", "value"_a);
  m.row<count_nulls>("count_nulls", "a"_a, "b"_a, "c"_a);
  m.row<sum>("sum", "a"_a, "b"_a);
  m.row<quotient>("quotient", "a"_a, "b"_a);
  m.row<sum_or>("sum_or", "a"_a, "b"_a);
  m.row<fail_at>("fail_at", "row"_a, "bad"_a);
  m.row<fail_oddly>("fail_oddly", "how"_a);
  m.row<[](double x) noexcept { return x * 2; }>("twice", "x"_a);
  m.row<shop::all>("all", "n"_a);
  m.row<shop::maybe_all>("maybe_all", "n"_a);
  m.row<shop::wide>("wide", "n"_a);
  m.row<&Table::find>("find", "key"_a).config("table.csv");
  m.row<&Table::serial>("table_serial", "any"_a).config("table.csv");
  m.row<&Table::serial>("other_serial", "any"_a).config("other.csv");
  m.row<&Counter::serial>("counter_serial", "any"_a);
  if (const char* mistake = std::getenv("UDF_TEST_MISTAKE")) register_wrongly(m, mistake);
}
