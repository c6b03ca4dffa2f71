#include "shown.h"
#include "value_path.h"

using namespace udf::detail;

TEST_SUITE_BEGIN("decimals");

using Money = udf::Decimal<6, 2>;

TEST_CASE("a decimal is read as it is written, with as many digits behind the point as it has") {
  CHECK(Money::parse("12.5").unscaled() == 1250);
  CHECK(Money::parse("-0.01").unscaled() == -1);
  CHECK(Money::parse("+7").text() == "7.00"sv);
  CHECK(Money::parse(".5").text() == "0.50"sv);
  CHECK(Money::parse("5.").text() == "5.00"sv);
  CHECK(Money::parse("-0").text() == "0.00"sv);
  CHECK(Money::parse("0000000001.2500").text() == "1.25"sv);
  CHECK(Money::parse("9999.99").text() == "9999.99"sv);
  CHECK(udf::Decimal<5>(-12).text() == "-12"sv);
  CHECK(udf::Decimal<2, 2>::parse("0.07").text() == "0.07"sv);
  using Widest = udf::Decimal<38>;
  CHECK(Widest::parse("-99999999999999999999999999999999999999").text() == "-99999999999999999999999999999999999999"sv);
  CHECK(decimal_text(0, 38) == "0.00000000000000000000000000000000000000"sv);
  // the smallest number of 128 bits: -2^127
  CHECK(decimal_text(static_cast<udf::Int128>(static_cast<udf::UnsignedInt128>(1) << 127), 0) ==
        "-170141183460469231731687303715884105728"sv);
}

TEST_CASE("what is no decimal of the type is refused") {
  for (const char* const text : {"", "-", ".", "+.", "1e3", "1,5", " 1", "1 ", "--1", "1.234", "10000", "99999.99", "0x1", "1.2.3",
                                 "340282366920938463463374607431768211456", "\xff"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(Money::parse(text), ("\"" + std::string(text) + "\" is no decimal(6, 2)").c_str(), std::invalid_argument);
  }
  CHECK_THROWS_AS(udf::Decimal<38>::parse("100000000000000000000000000000000000000"), std::invalid_argument);
}

TEST_CASE("arithmetic is exact, and throws where a digit has no room") {
  const Money most = Money::parse("9999.99");
  CHECK((Money::parse("0.10") + Money::parse("0.20")).text() == "0.30"sv);
  CHECK((Money::parse("0.10") - Money::parse("0.20")).text() == "-0.10"sv);
  CHECK((Money::parse("3.33") * -3).text() == "-9.99"sv);
  CHECK((-most).text() == "-9999.99"sv);
  CHECK(Money::parse("1.10") > Money::parse("1.09"));
  const char* const room = "a number has more digits than decimal(6, 2) holds";
  CHECK_THROWS_WITH_AS(most + Money::parse("0.01"), room, std::overflow_error);
  CHECK_THROWS_WITH_AS(-most - Money::parse("0.01"), room, std::overflow_error);
  CHECK_THROWS_WITH_AS(most * INT64_MIN, room, std::overflow_error);
  CHECK_THROWS_WITH_AS(Money(INT64_MAX), room, std::overflow_error);
  using Widest = udf::Decimal<38, 38>;
  CHECK_THROWS_AS(Widest(INT64_MIN), std::overflow_error);
  CHECK_THROWS_AS(udf::Decimal<38>::parse("99999999999999999999999999999999999999") * INT64_MAX, std::overflow_error);
}

TEST_CASE("a stored decimal is its 128 bits, the lower half first") {
  for (const udf::Int128 value : {udf::Int128{0}, udf::Int128{-1}, power_of_ten(38), -power_of_ten(38)}) {
    CHECK((StoredInt128::of(value).value() == value));
  }
  CHECK(StoredInt128::of(-1).low == UINT64_MAX);
  CHECK(StoredInt128::of(-1).high == -1);
  // what a column holds may be more than the type's digits: a row error, not a wrong number
  CHECK_THROWS_AS((Scalar<Money>::read({1'000'000, 0})), std::overflow_error);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("dates and timestamps");

TEST_CASE("dates are days since 1970, timestamps are microseconds") {
  using namespace std::chrono;
  CHECK(Scalar<Date>::write(sys_days(2024y / February / 29d)) == 19782);
  CHECK((Scalar<Date>::read(-719'162) == sys_days(1y / January / 1d)));
  CHECK((Scalar<Date>::read(INT32_MAX).time_since_epoch().count() == INT32_MAX));
  CHECK(Scalar<Instant>::write(sys_days(2000y / January / 1d) + 1us) == 946'684'800'000'001);
  CHECK((Scalar<Instant>::read(-1) == sys_days(1969y / December / 31d) + 24h - 1us));
  CHECK(Scalar<LocalTime>::write(local_days(1970y / January / 2d)) == 86'400'000'000);
  CHECK((Scalar<LocalTime>::read(INT64_MIN).time_since_epoch().count() == INT64_MIN));
  CHECK(Scalar<Date>::type().kind == Kind::Date);
  CHECK(Scalar<Instant>::type().kind == Kind::Timestamp);
  CHECK(Scalar<LocalTime>::type().kind == Kind::LocalTimestamp);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("results and errors");

TEST_CASE("a Result is a value or an error") {
  const udf::Result<double> value = 1;
  CHECK(bool(value));
  CHECK(*value == 1.0);
  CHECK(value.error() == nullptr);
  const udf::Result<double> error = udf::Error("no");
  CHECK(!error);
  CHECK(error.error()->message() == "no"sv);
  // where it was made: an address of this program
  CHECK(error.error()->address() != 0);
  const udf::Result<std::optional<std::string>> null = std::nullopt;
  CHECK(bool(null));
  CHECK(!*null);
  const udf::Result<std::string> text = "from a literal";
  CHECK(*text == "from a literal"sv);
}

TEST_CASE("the path of a value in what a caller gave") {
  CHECK(whole_value.text() == ""sv);
  const ValuePath row = ValuePath::row(7);
  CHECK(row.text() == ", row 7,"sv);
  const ValuePath element = row.element(2);
  const ValuePath member = element.member("km");
  CHECK(member.text() == ", row 7, at [2].km"sv);
  const ValuePath inner = whole_value.member("points");
  const ValuePath deepest = inner.element(10);
  CHECK(deepest.text() == ".points[10]"sv);
}

TEST_SUITE_END();
