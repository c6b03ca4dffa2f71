#include "udf/decimal.h"

#include "messages.h"

namespace udf::detail {
namespace {

std::string type_text(int precision, int scale) {
  return joined({"decimal(", std::to_string(precision), ", ", std::to_string(scale), ")"});
}

}  // namespace

bool parse_decimal(std::string_view text, int precision, int scale, Int128& unscaled) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string_view fraction = point == text.npos ? "" : text.substr(point + 1);
  if (whole.empty() && fraction.empty()) return false;
  while (fraction.size() > static_cast<std::size_t>(scale) && fraction.ends_with('0')) fraction.remove_suffix(1);
  if (fraction.size() > static_cast<std::size_t>(scale)) return false;
  const Int128 limit = power_of_ten(precision);
  Int128 value = 0;
  const auto take = [&](char digit) {
    if (digit < '0' || digit > '9') return false;
    value = value * 10 + (digit - '0');
    return value < limit;  // at most 10^38, which leaves room for no further digit
  };
  for (const char digit : whole) {
    if (!take(digit)) return false;
  }
  for (std::size_t index = 0; index < static_cast<std::size_t>(scale); ++index) {
    if (!take(index < fraction.size() ? fraction[index] : '0')) return false;
  }
  unscaled = negative ? -value : value;
  return true;
}

std::string decimal_text(Int128 unscaled, int scale) {
  std::string digits;
  // the smallest number has no positive one
  const bool negative = unscaled < 0;
  auto rest = static_cast<UnsignedInt128>(unscaled);
  for (rest = negative ? -rest : rest; rest > 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  const auto behind = static_cast<std::size_t>(scale);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - behind, 1, '.');
  return negative ? "-" + digits : digits;
}

void decimal_overflow(int precision, int scale) {
  throw std::overflow_error(joined({"a number has more digits than ", type_text(precision, scale), " holds"}));
}

void no_decimal(std::string_view text, int precision, int scale) {
  throw std::invalid_argument(joined({"\"", text, "\" is no ", type_text(precision, scale)}));
}

}  // namespace udf::detail
