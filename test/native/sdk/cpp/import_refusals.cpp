#include "shown.h"

using laid::Array;

namespace {

struct Point {
  double x;
  std::int32_t y;
};
UDF_STRUCT(Point, x, y)

using Numbers = std::vector<std::int32_t>;

Array numbers(std::int64_t length = 3) { return Array("i", length).none().values<std::int32_t>({1, 2, 3}); }
Array list(std::initializer_list<std::int32_t> offsets) {
  return Array("+l", static_cast<std::int64_t>(offsets.size()) - 1).none().values(offsets);
}
Array point(Array x, Array y) { return Array("+s", 2).none().child(std::move(x)).child(std::move(y)); }
Array x() { return Array("g", 2).none().values<double>({1, 2}).named("x"); }
Array y() { return Array("i", 2).none().values<std::int32_t>({1, 2}).named("y"); }

constexpr std::int64_t huge = std::int64_t{1} << 41;
constexpr std::string_view no_memory = " has a length or offset that no memory holds";
constexpr std::string_view bad_lists = " has lists that fall or lie outside of their elements";
constexpr std::string_view too_short = " has a child array that is too short";
constexpr std::string_view no_children = " has not the child arrays of its format";

}  // namespace

TEST_SUITE_BEGIN("refusals of the import");

TEST_CASE("lengths and offsets that cannot be") {
  CHECK(refusal<std::int32_t>(numbers(-1)) == " has a negative length or offset"sv);
  CHECK(refusal<std::int32_t>(numbers().offset(INT64_MIN)) == " has a negative length or offset"sv);
  CHECK(refusal<std::int32_t>(numbers(huge)) == no_memory);
  CHECK(refusal<std::int32_t>(numbers().offset(INT64_MAX)) == no_memory);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers(-1))) == " has a child array with a negative length or offset"sv);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers().offset(-1))) == " has a child array with a negative length or offset"sv);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers().offset(huge))) == no_memory);
  CHECK(refusal<std::int32_t>(Array("c", 1).none().values<std::int8_t>({0}).words(numbers().offset(-1))) ==
        " has a dictionary with a negative length or offset"sv);
}

TEST_CASE("a format of another type, or none") {
  CHECK(refusal<std::int32_t>(Array("g", 1).none().values<double>({1})) ==
        " must be an Arrow array of int32 (format i), not of format g"sv);
  CHECK(refusal<std::int32_t>(Array("", 1)) == " must be an Arrow array of int32 (format i), not of format "sv);
  CHECK(refusal<std::int32_t>(numbers().broken([](ArrowSchema& schema, ArrowArray&) { schema.format = nullptr; })) ==
        " must be an Arrow array of int32 (format i), not of format "sv);
  CHECK(refusal<Instant>(Array("tsu:", 1).none().values<std::int64_t>({1})) == " needs a time zone, and has none"sv);
  CHECK(refusal<LocalTime>(Array("tsu:UTC", 1).none().values<std::int64_t>({1})) == " must be without a time zone"sv);
  CHECK(refusal<Numbers>(Array("+r", 1)) == " must be an Arrow array of list (format +l), not of format +r"sv);
  CHECK(refusal<std::vector<std::byte>>(Array("w:-1", 1).none().text("a")) == " has the format w:-1, which says no width"sv);
  CHECK(refusal<std::vector<std::byte>>(Array("w:4294967297", 1).none().text("a")) ==
        " has the format w:4294967297, which says no width"sv);
  CHECK(refusal<Numbers>(Array("+w:", 1).none().child(numbers())) == " has the format +w:, which says no size"sv);
}

TEST_CASE("decimals of a width, a scale or a precision that cannot be") {
  using Money = udf::Decimal<18, 2>;
  for (const char* const format : {"d:", "d:5", "d:0,0", "d:39,0", "d:5,-1", "d:5,39", "d:5,2,256", "d:5,2,", "d:x,y"}) {
    CHECK(refusal<Money>(Array(format, 1).none().values<std::int64_t>({1, 0})) ==
          " must be a decimal of 128 bits with a scale from 0 to 38, not of format " + std::string(format));
  }
}

TEST_CASE("buffers that are missing, or too many") {
  CHECK(refusal<std::int32_t>(Array("i", 1).none()) == " has 1 buffers, and its format has 2"sv);
  CHECK(refusal<std::int32_t>(numbers().none()) == " has 3 buffers, and its format has 2"sv);
  CHECK(refusal<std::int32_t>(Array("i", 1).none().none()) == " has no buffer of values"sv);
  CHECK(refusal<bool>(Array("b", 1).none().none()) == " has no buffer of values"sv);
  CHECK(refusal<std::vector<std::byte>>(Array("w:1", 1).none().none()) == " has no buffer of values"sv);
  CHECK(refusal<std::string>(Array("vu", 1).none().none()) == " has 2 buffers, and its format has 3"sv);
  CHECK(refusal<std::int32_t>(Array("n", 1).none()) == " has 1 buffers, and its format has 0"sv);
  CHECK(refusal<std::int32_t>(numbers().broken([](ArrowSchema&, ArrowArray& array) { array.buffers = nullptr; })) ==
        " has 2 buffers, and its format has 2"sv);
  CHECK(refusal<std::int32_t>(numbers().broken([](ArrowSchema&, ArrowArray& array) { array.n_buffers = -1; })) ==
        " has -1 buffers, and its format has 2"sv);
}

TEST_CASE("a count of nulls that cannot be, or that has no mask") {
  CHECK(refusal<std::int32_t>(numbers().nulls(1)) == " has nulls but no validity buffer"sv);
  CHECK(refusal<std::int32_t>(Array("i", 1).nulls(2).bits("1").values<std::int32_t>({1})) ==
        " has 2 nulls in 1 rows"sv);
  CHECK(refusal<std::int32_t>(Array("i", 1).nulls(-2).bits("1").values<std::int32_t>({1})) ==
        " has -2 nulls in 1 rows"sv);
}

TEST_CASE("children that are missing, too many, too short, or given away") {
  CHECK(refusal<std::int32_t>(numbers().child(numbers())) == " has child arrays"sv);
  CHECK(refusal<Numbers>(list({0, 1})) == no_children);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers()).child(numbers())) == no_children);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers()).broken([](ArrowSchema& schema, ArrowArray&) { schema.children = nullptr; })) ==
        no_children);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers()).broken([](ArrowSchema&, ArrowArray& array) { array.n_children = 2; })) ==
        no_children);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers()).broken([](ArrowSchema&, ArrowArray& array) { array.children[0] = nullptr; })) ==
        " has a child array that is missing"sv);
  CHECK(refusal<Numbers>(list({0, 4}).child(numbers())) == too_short);
  CHECK(refusal<Numbers>(Array("+w:2", 2).none().child(numbers())) == too_short);
  CHECK(refusal<Point>(point(x(), Array("i", 1).none().values<std::int32_t>({1}).named("y"))) == too_short);
  CHECK(refusal<Point>(point(x(), y()).offset(1)) == too_short);
  CHECK(refusal<Point>(point(x(), y().named("z"))) == " has no field \"y\""sv);
  CHECK(refusal<Numbers>(list({0, 1}).child(numbers()).broken([](ArrowSchema&, ArrowArray& array) {
    array.children[0]->release = nullptr;
  })) == " has a child array that has been released already"sv);
}

TEST_CASE("a struct whose number of children is negative") {
  CHECK(refusal<Point>(point(x(), y()).broken([](ArrowSchema& schema, ArrowArray& array) {
    schema.n_children = array.n_children = -1;
  })) == no_children);
}

TEST_CASE("lists outside of their elements") {
  CHECK(refusal<Numbers>(list({0, 2, 1}).child(numbers())) == bad_lists);
  CHECK(refusal<Numbers>(list({-1, 1}).child(numbers())) == bad_lists);
  CHECK(refusal<Numbers>(Array("+L", 1).none().values<std::int64_t>({0, INT64_MAX}).child(numbers())) == too_short);
  // a child as long as this does not exist, and its offset must not be added to it
  CHECK(refusal<Numbers>(Array("+L", 1)
                             .none()
                             .values<std::int64_t>({INT64_MAX, INT64_MAX})
                             .child(numbers(INT64_MAX).offset(std::int64_t{1} << 40))) == no_memory);
  CHECK(refusal<Numbers>(Array("+vl", 1).none().values<std::int32_t>({2}).values<std::int32_t>({2}).child(numbers())) == bad_lists);
  CHECK(refusal<Numbers>(Array("+vl", 1).none().values<std::int32_t>({-1}).values<std::int32_t>({1}).child(numbers())) == bad_lists);
  CHECK(refusal<Numbers>(Array("+vL", 1).none().values<std::int64_t>({1}).values<std::int64_t>({INT64_MAX}).child(numbers())) ==
        bad_lists);
  CHECK(refusal<Numbers>(Array("+w:2147483647", 1).offset(std::int64_t{1} << 39).none().child(numbers())) == no_memory);
}

TEST_CASE("dictionaries that are missing, given away, too small, or have dictionaries themselves") {
  const auto coded = [](std::int8_t index) { return Array("c", 1).none().values<std::int8_t>({index}); };
  const std::string_view outside = ", row 0, lies outside of the dictionary";
  CHECK(refusal<std::int32_t>(coded(3).words(numbers())) == outside);
  CHECK(refusal<std::int32_t>(coded(-1).words(numbers())) == outside);
  CHECK(refusal<std::int32_t>(Array("L", 1).none().values<std::uint64_t>({UINT64_MAX}).words(numbers())) == outside);
  CHECK(refusal<std::int32_t>(Array("f", 1).none().values<float>({0}).words(numbers())) ==
        " has a dictionary with indices of format f"sv);
  CHECK(refusal<std::int32_t>(coded(0).words(numbers()).broken([](ArrowSchema&, ArrowArray& array) { array.dictionary = nullptr; })) ==
        " is dictionary-encoded, and has no dictionary"sv);
  CHECK(refusal<std::int32_t>(coded(0).words(numbers()).broken([](ArrowSchema&, ArrowArray& array) {
    array.dictionary->release = nullptr;
  })) == " has a dictionary that has been released already"sv);
  CHECK(refusal<std::int32_t>(coded(0).words(coded(0).words(numbers()))) == " has a dictionary that has a dictionary"sv);
  // its own dictionary: without an end
  CHECK(refusal<std::int32_t>(coded(0).words(numbers()).broken([](ArrowSchema& schema, ArrowArray& array) {
    schema.dictionary = &schema;
    array.dictionary = &array;
  })) == " has a dictionary that has a dictionary"sv);
}

TEST_CASE("what has been released, or is not there") {
  using namespace udf::detail;
  CHECK(refusal<std::int32_t>(numbers().broken([](ArrowSchema&, ArrowArray& array) { array.release = nullptr; })) ==
        " has been released already"sv);
  CHECK(refusal<std::int32_t>(numbers().broken([](ArrowSchema& schema, ArrowArray&) { schema.release = nullptr; })) ==
        " has been released already"sv);
}

TEST_CASE("more rows than there is memory for are refused before anything is read") {
  CHECK(refusal<bool>(Array("b", std::int64_t{1} << 40).none().none()) == " has no buffer of values"sv);
}

TEST_SUITE_END();
