#pragma once

#include <compare>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace udf {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UnsignedInt128;

namespace detail {

/// A 128-bit integer as columns hold it, at any multiple of 8 bytes.
struct StoredInt128 {
  std::uint64_t low;
  std::int64_t high;

  static constexpr StoredInt128 of(Int128 value) {
    return {static_cast<std::uint64_t>(value), static_cast<std::int64_t>(value >> 64)};
  }
  constexpr Int128 value() const { return (static_cast<Int128>(high) << 64) | static_cast<Int128>(low); }
};

/// 10 to the power of `digits`, from 0 to 38.
constexpr Int128 power_of_ten(int digits) {
  Int128 power = 1;
  for (; digits > 0; --digits) power *= 10;
  return power;
}

/// False when the text is no decimal number, or has digits that do not fit. Takes what `decimal_text` gives.
bool parse_decimal(std::string_view text, int precision, int scale, Int128& unscaled);
/// Such as `-12.50` for -1250 with a scale of 2.
std::string decimal_text(Int128 unscaled, int scale);
[[noreturn]] void decimal_overflow(int precision, int scale);
[[noreturn]] void no_decimal(std::string_view text, int precision, int scale);

}  // namespace detail

/// An exact decimal number with up to `precision` digits, `scale` of them behind the point: money is Decimal<18, 2>.
/// What does not fit throws std::overflow_error.
template <int precision, int scale = 0>
class Decimal {
  static_assert(precision >= 1 && precision <= 38, "udf: a decimal has 1 to 38 digits");
  static_assert(scale >= 0 && scale <= precision, "udf: a decimal's scale is from 0 to its precision");

 public:
  constexpr Decimal() = default;
  /// A whole number.
  constexpr explicit Decimal(std::int64_t whole) : Decimal(from_unscaled(whole_part(whole))) {}

  /// `unscaled` counts the last digit: 1250 is 12.50 with a scale of 2.
  static constexpr Decimal from_unscaled(Int128 unscaled) {
    if (unscaled >= limit || unscaled <= -limit) detail::decimal_overflow(precision, scale);
    Decimal made;
    made.unscaled_ = unscaled;
    return made;
  }

  /// Reads `-12.5`. Throws std::invalid_argument when the text is no number that fits without rounding.
  static Decimal parse(std::string_view text) {
    Decimal made;
    if (!detail::parse_decimal(text, precision, scale, made.unscaled_)) detail::no_decimal(text, precision, scale);
    return made;
  }

  constexpr Int128 unscaled() const { return unscaled_; }
  std::string text() const { return detail::decimal_text(unscaled_, scale); }
  explicit operator double() const { return static_cast<double>(unscaled_) / static_cast<double>(one); }

  constexpr Decimal operator-() const { return from_unscaled(-unscaled_); }
  // two numbers below 10^38 never pass 128 bits together
  friend constexpr Decimal operator+(Decimal a, Decimal b) { return from_unscaled(a.unscaled_ + b.unscaled_); }
  friend constexpr Decimal operator-(Decimal a, Decimal b) { return from_unscaled(a.unscaled_ - b.unscaled_); }
  friend constexpr Decimal operator*(Decimal a, std::int64_t times) {
    Int128 product = 0;
    if (__builtin_mul_overflow(a.unscaled_, static_cast<Int128>(times), &product)) detail::decimal_overflow(precision, scale);
    return from_unscaled(product);
  }
  friend constexpr auto operator<=>(Decimal a, Decimal b) = default;

 private:
  static constexpr Int128 limit = detail::power_of_ten(precision);
  static constexpr Int128 one = detail::power_of_ten(scale);

  static constexpr Int128 whole_part(std::int64_t whole) {
    Int128 unscaled = 0;
    if (__builtin_mul_overflow(static_cast<Int128>(whole), one, &unscaled)) detail::decimal_overflow(precision, scale);
    return unscaled;
  }

  Int128 unscaled_ = 0;
};

}  // namespace udf
