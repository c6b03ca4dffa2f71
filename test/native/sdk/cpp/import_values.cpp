#include <limits>

#include "shown.h"

using laid::Array;

TEST_SUITE_BEGIN("import of values of fixed width");

TEST_CASE("each width of integer is read with its least and its largest value") {
  CHECK(imported<std::int8_t>(Array("c", 3).none().values<std::int8_t>({-128, 0, 127})) == "-128 0 127"sv);
  CHECK(imported<std::uint8_t>(Array("C", 2).none().values<std::uint8_t>({0, 255})) == "0 255"sv);
  CHECK(imported<std::int16_t>(Array("s", 2).none().values<std::int16_t>({-32768, 32767})) == "-32768 32767"sv);
  CHECK(imported<std::uint16_t>(Array("S", 2).none().values<std::uint16_t>({0, 65535})) == "0 65535"sv);
  CHECK(imported<std::int32_t>(Array("i", 2).none().values<std::int32_t>({INT32_MIN, INT32_MAX})) == "-2147483648 2147483647"sv);
  CHECK(imported<std::uint32_t>(Array("I", 2).none().values<std::uint32_t>({0, UINT32_MAX})) == "0 4294967295"sv);
  CHECK(imported<std::int64_t>(Array("l", 2).none().values<std::int64_t>({INT64_MIN, INT64_MAX})) ==
        "-9223372036854775808 9223372036854775807"sv);
  CHECK(imported<std::uint64_t>(Array("L", 2).none().values<std::uint64_t>({0, UINT64_MAX})) == "0 18446744073709551615"sv);
}

TEST_CASE("floating-point numbers keep NaN, the infinities and the sign of zero") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(imported<double>(Array("g", 4).none().values<double>({-0.0, infinity, -infinity, NAN})) == "-0 inf -inf nan"sv);
  CHECK(imported<float>(Array("f", 3).none().values<float>({0.1F, 16777216.0F, -1e-45F})) == "0.1 16777216 -1e-45"sv);
}

TEST_CASE("booleans are read bit by bit, from any offset") {
  CHECK(imported<bool>(Array("b", 3).none().bits("101")) == "true false true"sv);
  CHECK(imported<bool>(Array("b", 4).offset(6).none().bits("1111110110")) == "false true true false"sv);
  CHECK(imported<bool>(Array("b", 9).none().bits("100000011")) == "true false false false false false false true true"sv);
  CHECK(imported<bool>(Array("b", 9).offset(3).none().bits("000100000011")) == "true false false false false false false true true"sv);
}

TEST_CASE("a mask marks its rows, whether or not the count of nulls is known") {
  CHECK(imported<std::int32_t>(Array("i", 3).bits("101").values<std::int32_t>({1, 2, 3})) == "1 null 3"sv);
  CHECK(imported<std::int32_t>(Array("i", 3).nulls(1).bits("101").values<std::int32_t>({1, 2, 3})) == "1 null 3"sv);
  // who says that there are none need not have cleared the mask
  CHECK(imported<std::int32_t>(Array("i", 3).nulls(0).bits("000").values<std::int32_t>({1, 2, 3})) == "1 2 3"sv);
}

TEST_CASE("a slice begins anywhere in a byte of the mask and reads no byte behind it") {
  // 10 rows: two bytes
  const char* const mask = "0110100101";
  const auto slice = [&](std::int64_t first, std::int64_t rows) {
    return imported<std::int8_t>(Array("c", rows).offset(first).bits(mask).values<std::int8_t>({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  };
  CHECK(slice(0, 10) == "null 1 2 null 4 null null 7 null 9"sv);
  CHECK(slice(1, 7) == "1 2 null 4 null null 7"sv);
  CHECK(slice(3, 7) == "null 4 null null 7 null 9"sv);
  CHECK(slice(7, 1) == "7"sv);
  CHECK(slice(7, 2) == "7 null"sv);
  CHECK(slice(8, 2) == "null 9"sv);
  CHECK(slice(9, 1) == "9"sv);
  CHECK(slice(10, 0) == ""sv);
}

TEST_CASE("rows behind the 64th, in the second word of a mask, keep their nulls") {
  std::string bits(70, '1');
  bits[63] = bits[64] = bits[69] = '0';
  auto array = Array("c", 7).offset(63).bits(bits).text(std::string(70, '\5'));
  CHECK(imported<std::int8_t>(std::move(array)) == "null null 5 5 5 5 null"sv);
}

TEST_CASE("values that are not aligned to their type are read all the same") {
  CHECK(imported<std::int64_t>(Array("l", 2).none().odd_values<std::int64_t>({7, -7})) == "7 -7"sv);
  CHECK(imported<std::int16_t>(Array("s", 2).offset(1).none().odd_values<std::int16_t>({1, 2, 3})) == "2 3"sv);
}

TEST_CASE("a column of nulls fits every type") {
  CHECK(imported<std::int32_t>(Array("n", 2)) == "null null"sv);
  CHECK(imported<std::string>(Array("n", 2)) == "null null"sv);
  CHECK(imported<std::vector<double>>(Array("n", 1)) == "null"sv);
  CHECK(imported<udf::Decimal<18, 2>>(Array("n", 1)) == "null"sv);
}

TEST_CASE("without rows no buffer is needed") {
  CHECK(imported<std::int32_t>(Array("i", 0).none().none()) == ""sv);
  CHECK(imported<bool>(Array("b", 0).none().none()) == ""sv);
  CHECK(imported<udf::Decimal<38>>(Array("d:38,0", 0).none().none()) == ""sv);
}

TEST_CASE("dates are days, from days or from milliseconds of whole days") {
  CHECK(imported<Date>(Array("tdD", 3).none().values<std::int32_t>({-1, 0, 19782})) == "-1 0 19782"sv);
  CHECK(imported<Date>(Array("tdm", 3).none().values<std::int64_t>({-86'400'000, 0, 19782 * 86'400'000LL})) == "-1 0 19782"sv);
  CHECK(imported<Date>(Array("tdm", 2).bits("10").values<std::int64_t>({86'400'000, 5})) == "1 null"sv);
  CHECK(refusal<Date>(Array("tdm", 1).none().values<std::int64_t>({1})) == ", row 0, is no whole day"sv);
  CHECK(refusal<Date>(Array("tdm", 2).none().values<std::int64_t>({0, INT64_MAX})) == ", row 1, is no whole day"sv);
  // 2^31 days
  CHECK(refusal<Date>(Array("tdm", 1).none().values<std::int64_t>({2'147'483'648 * 86'400'000})) == ", row 0, is no whole day"sv);
}

TEST_CASE("timestamps are microseconds, from any unit that is exact") {
  CHECK(imported<Instant>(Array("tsu:UTC", 2).none().values<std::int64_t>({-1, 5})) == "-1 5"sv);
  CHECK(imported<Instant>(Array("tss:UTC", 2).none().values<std::int64_t>({-1, 2})) == "-1000000 2000000"sv);
  CHECK(imported<Instant>(Array("tsm:Europe/Oslo", 1).none().values<std::int64_t>({3})) == "3000"sv);
  CHECK(imported<Instant>(Array("tsn:UTC", 2).none().values<std::int64_t>({-4000, 9'223'372'036'854'775'000})) ==
        "-4 9223372036854775"sv);
  CHECK(imported<LocalTime>(Array("tsm:", 2).bits("01").values<std::int64_t>({INT64_MAX, 1})) == "null 1000"sv);
  CHECK(refusal<Instant>(Array("tsn:UTC", 1).none().values<std::int64_t>({1})) ==
        ", row 0, has nanoseconds, and the function takes whole microseconds"sv);
  CHECK(refusal<Instant>(Array("tss:UTC", 1).none().values<std::int64_t>({9'223'372'036'855})) ==
        ", row 0, is too far from 1970 for microseconds of 64 bits"sv);
  CHECK(imported<Instant>(Array("tss:UTC", 1).none().values<std::int64_t>({-9'223'372'036'854})) == "-9223372036854000000"sv);
}

TEST_CASE("decimals of another scale are converted where that is exact") {
  using Money = udf::Decimal<6, 2>;
  // 128 bits each: the lower half first
  CHECK(imported<Money>(Array("d:6,2", 2).none().values<std::int64_t>({125, 0, -125, -1})) == "1.25 -1.25"sv);
  CHECK(imported<Money>(Array("d:3,0", 1).none().values<std::int64_t>({-7, -1})) == "-7.00"sv);
  CHECK(imported<Money>(Array("d:9,4,128", 1).none().values<std::int64_t>({12300, 0})) == "1.23"sv);
  CHECK(imported<Money>(Array("d:38,0", 1).none().values<std::int64_t>({9999, 0})) == "9999.00"sv);
  CHECK(refusal<Money>(Array("d:38,0", 1).none().values<std::int64_t>({10000, 0})) ==
        ", row 0, is not exact as a decimal number of up to 6 digits, 2 of them behind the point"sv);
  CHECK(refusal<Money>(Array("d:9,4", 1).none().values<std::int64_t>({12301, 0})) ==
        ", row 0, is not exact as a decimal number of up to 6 digits, 2 of them behind the point"sv);
  // no product of 10^38 and this fits in 128 bits
  CHECK(refusal<udf::Decimal<38, 38>>(Array("d:38,0", 2).none().values<std::int64_t>({0, 0, 0, INT64_MIN})) ==
        ", row 1, is not exact as a decimal number of up to 38 digits, 38 of them behind the point"sv);
  CHECK(imported<udf::Decimal<38>>(Array("d:38,0", 1).bits("0").values<std::int64_t>({-1, INT64_MAX})) == "null"sv);
}

TEST_SUITE_END();
