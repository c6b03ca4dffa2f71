#include "shown.h"

using laid::Array;

namespace {

struct Point {
  double x;
  std::optional<std::int32_t> y;
};
UDF_STRUCT(Point, x, y)

struct Line {
  std::string name;
  std::vector<Point> points;
};
UDF_STRUCT(Line, name, points)

using Numbers = std::vector<std::int32_t>;
using Holes = std::vector<std::optional<std::int32_t>>;
using Texts = std::vector<std::string>;

Array numbers(std::initializer_list<std::int32_t> values) {
  return Array("i", static_cast<std::int64_t>(values.size())).none().values(values);
}
Array doubles(std::initializer_list<double> values) {
  return Array("g", static_cast<std::int64_t>(values.size())).none().values(values);
}
/// a, bb, ccc
Array words() { return Array("u", 3).none().values<std::int32_t>({0, 1, 3, 6}).text("abbccc"); }

}  // namespace

TEST_SUITE_BEGIN("import of lists, structs and dictionaries");

TEST_CASE("lists at offsets of 32 and of 64 bits") {
  CHECK(imported<Numbers>(Array("+l", 3).none().values<std::int32_t>({0, 2, 2, 3}).child(numbers({1, 2, 3}))) == "[1 2] [] [3]"sv);
  CHECK(imported<Numbers>(Array("+L", 2).bits("01").values<std::int64_t>({0, 1, 3}).child(numbers({1, 2, 3}))) == "null [2 3]"sv);
  CHECK(imported<Texts>(Array("+l", 2).none().values<std::int32_t>({0, 1, 3}).child(words())) == "['a'] ['bb' 'ccc']"sv);
}

TEST_CASE("a slice of lists of a slice of elements") {
  // elements 20, 30, 40, 50; rows 1 and 2
  auto elements = Array("i", 4).offset(1).none().values<std::int32_t>({10, 20, 30, 40, 50});
  CHECK(imported<Numbers>(Array("+l", 2).offset(1).none().values<std::int32_t>({0, 1, 3, 4}).child(std::move(elements))) ==
        "[30 40] [50]"sv);
}

TEST_CASE("the last offset of all says how long the data of texts is, also where a list reads only the first") {
  const auto list = [](std::int32_t last) {
    auto texts = Array("u", 3).none().values<std::int32_t>({0, 1, 2, last}).text("ab");
    return Array("+l", 1).none().values<std::int32_t>({0, 2}).child(std::move(texts));
  };
  CHECK(imported<Texts>(list(2)) == "['a' 'b']"sv);
  CHECK(refusal<Texts>(list(1)) == " has offsets that fall or lie outside of its data"sv);
  CHECK(refusal<Texts>(list(-7)) == " has offsets that fall or lie outside of its data"sv);
}

TEST_CASE("nulls of elements are theirs, or make their list null") {
  const auto array = [] {
    return Array("+l", 2).none().values<std::int32_t>({0, 2, 3}).child(Array("i", 3).bits("101").values<std::int32_t>({1, 2, 3}));
  };
  CHECK(imported<Holes>(array()) == "[1 null] [3]"sv);
  CHECK(imported<Numbers>(array()) == "null [3]"sv);
}

TEST_CASE("list views come in any order, overlap, and leave out what is null") {
  auto views = Array("+vl", 4).bits("1110").values<std::int32_t>({2, 0, 1, -9}).values<std::int32_t>({1, 3, 1, 99});
  CHECK(imported<Numbers>(std::move(views).child(numbers({1, 2, 3}))) == "[3] [1 2 3] [2] null"sv);
  auto large = Array("+vL", 1).offset(1).none().values<std::int64_t>({0, 1}).values<std::int64_t>({0, 2});
  CHECK(imported<Numbers>(std::move(large).child(Array("i", 3).offset(1).none().values<std::int32_t>({9, 1, 2, 3}))) == "[2 3]"sv);
}

TEST_CASE("lists of a fixed size, in a slice too") {
  CHECK(imported<Numbers>(Array("+w:2", 2).none().child(numbers({1, 2, 3, 4}))) == "[1 2] [3 4]"sv);
  CHECK(imported<Numbers>(Array("+w:2", 1).offset(1).none().child(numbers({1, 2, 3, 4}))) == "[3 4]"sv);
  CHECK(imported<Numbers>(Array("+w:0", 2).bits("10").child(numbers({}))) == "[] null"sv);
}

TEST_CASE("lists of lists") {
  auto inner = Array("+l", 3).none().values<std::int32_t>({0, 1, 1, 3}).child(numbers({1, 2, 3}));
  CHECK(imported<std::vector<Numbers>>(Array("+l", 2).none().values<std::int32_t>({0, 2, 3}).child(std::move(inner))) ==
        "[[1] []] [[2 3]]"sv);
}

TEST_CASE("a struct's fields are found by name, and others are not looked at") {
  auto unknown = Array("u", 2).none().none().none().named("z");
  CHECK(imported<Point>(Array("+s", 2)
                            .none()
                            .child(Array("i", 2).bits("01").values<std::int32_t>({1, 2}).named("y"))
                            .child(std::move(unknown))
                            .child(doubles({0.5, 1.5}).named("x"))) == "{x: 0.5 y: null} {x: 1.5 y: 2}"sv);
}

TEST_CASE("a struct is sliced with its fields, which may be sliced themselves") {
  auto x = Array("g", 3).offset(1).none().values<double>({9, 1, 2, 3}).named("x");
  CHECK(imported<Point>(Array("+s", 2).offset(1).bits("101").child(std::move(x)).child(numbers({1, 2, 3}).named("y"))) ==
        "null {x: 3 y: 3}"sv);
}

TEST_CASE("a null moves outward until something may be null: a field, its struct, the list of that, the struct of that") {
  // two lines of one point each; the second point has no x
  const auto lines = [](std::string_view x) {
    auto points = Array("+s", 2).none().child(Array("g", 2).bits(x).values<double>({1, 2}).named("x")).child(numbers({3, 4}).named("y"));
    auto lists = Array("+l", 2).none().values<std::int32_t>({0, 1, 2}).child(std::move(points)).named("points");
    auto names = Array("u", 2).none().values<std::int32_t>({0, 1, 2}).text("ab").named("name");
    return Array("+s", 2).none().child(std::move(names)).child(std::move(lists));
  };
  CHECK(imported<Line>(lines("11")) == "{name: 'a' points: [{x: 1 y: 3}]} {name: 'b' points: [{x: 2 y: 4}]}"sv);
  CHECK(imported<Line>(lines("10")) == "{name: 'a' points: [{x: 1 y: 3}]} null"sv);
}

TEST_CASE("dictionaries of values, texts and structs, with indices of each width") {
  CHECK(imported<std::string>(Array("c", 3).none().values<std::int8_t>({2, 0, 2}).words(words())) == "'ccc' 'a' 'ccc'"sv);
  CHECK(imported<std::string>(Array("C", 2).bits("01").values<std::uint8_t>({255, 1}).words(words())) == "null 'bb'"sv);
  CHECK(imported<std::int32_t>(Array("s", 2).none().values<std::int16_t>({1, 0}).words(numbers({7, 8}))) == "8 7"sv);
  CHECK(imported<std::int32_t>(Array("S", 1).none().values<std::uint16_t>({1}).words(numbers({7, 8}))) == "8"sv);
  CHECK(imported<std::int32_t>(Array("i", 2).offset(1).none().values<std::int32_t>({-1, 1, 0}).words(numbers({7, 8}))) == "8 7"sv);
  CHECK(imported<bool>(Array("I", 2).none().values<std::uint32_t>({1, 0}).words(Array("b", 2).none().bits("01"))) == "true false"sv);
  CHECK(imported<double>(Array("l", 1).none().values<std::int64_t>({1}).words(doubles({7, 8}))) == "8"sv);
  CHECK(imported<double>(Array("L", 1).none().values<std::uint64_t>({0}).words(doubles({7, 8}))) == "7"sv);
  auto point = Array("+s", 2).none().child(doubles({1, 2}).named("x")).child(numbers({3, 4}).named("y"));
  CHECK(imported<Point>(Array("c", 2).none().values<std::int8_t>({1, 0}).words(std::move(point))) == "{x: 2 y: 4} {x: 1 y: 3}"sv);
}

TEST_CASE("a dictionary may hold nulls, and be a slice") {
  auto maybe = Array("i", 2).offset(1).bits("101").values<std::int32_t>({1, 2, 3});
  CHECK(imported<std::int32_t>(Array("c", 4).bits("1101").values<std::int8_t>({0, 1, 0, 1}).words(std::move(maybe))) ==
        "null 3 null 3"sv);
  CHECK(imported<std::int32_t>(Array("c", 2).none().values<std::int8_t>({0, 0}).words(Array("n", 1))) == "null null"sv);
}

TEST_CASE("a list of dictionary texts") {
  auto coded = Array("c", 3).none().values<std::int8_t>({2, 1, 0}).words(words());
  CHECK(imported<Texts>(Array("+l", 2).none().values<std::int32_t>({0, 1, 3}).child(std::move(coded))) == "['ccc'] ['bb' 'a']"sv);
}

TEST_CASE("a list in a dictionary") {
  auto lists = Array("+l", 2).none().values<std::int32_t>({0, 2, 3}).child(numbers({1, 2, 3}));
  CHECK(imported<Numbers>(Array("c", 3).none().values<std::int8_t>({1, 0, 1}).words(std::move(lists))) == "[3] [1 2] [3]"sv);
}

TEST_SUITE_END();
