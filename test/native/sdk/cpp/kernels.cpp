#include "parts.h"
#include "runtime.h"
#include "shown.h"
#include "written.h"

using namespace udf::detail;
using laid::Array;

namespace {

std::int32_t twice(std::int32_t x) { return 2 * x; }
std::int32_t sum(std::int32_t a, std::optional<std::int32_t> b) { return a + b.value_or(100); }
std::optional<std::int32_t> half(std::int32_t x) noexcept { return x % 2 == 0 ? std::optional(x / 2) : std::nullopt; }
std::string repeat(std::string_view text, std::optional<std::int32_t> times) {
  std::string all;
  for (std::int32_t time = 0; time < times.value_or(1); ++time) all += text;
  return all;
}
std::int32_t at_most_two(std::int32_t x) {
  if (x > 2) throw std::out_of_range("more than two");
  return x;
}
udf::Result<std::int32_t> checked(std::int32_t x) {
  if (x > 2) return udf::Error("more than two");
  return x;
}
udf::Result<std::optional<std::int32_t>> checked_half(std::int32_t x) {
  if (x > 2) return udf::Error("more than two");
  return half(x);
}
std::int32_t throws_a_number(std::int32_t x) {
  if (x > 2) throw 7;
  return x;
}
std::string_view second_half(const std::string& text) { return std::string_view(text).substr(text.size() / 2); }
std::size_t count(std::span<const std::string_view> texts) { return texts.size(); }
std::vector<std::string> joined_pairs(std::span<const std::string_view> a, std::span<const std::string_view> b) {
  std::vector<std::string> pairs;
  for (std::size_t index = 0; index < std::min(a.size(), b.size()); ++index) {
    pairs.push_back(std::string(a[index]) + std::string(b[index]));
  }
  return pairs;
}

void scale(std::span<const std::int32_t> x, std::span<std::int32_t> result) {
  for (std::size_t row = 0; row < x.size(); ++row) result[row] = static_cast<std::int32_t>(x.size()) * x[row];
}
std::vector<std::optional<std::string>> named(udf::Column<std::string_view> x, udf::Column<std::optional<std::int32_t>> y) {
  std::vector<std::optional<std::string>> names;
  for (std::size_t row = 0; row < x.size(); ++row) {
    names.push_back(y[row] ? std::optional(std::string(x[row]) + std::to_string(*y[row])) : std::nullopt);
  }
  return names;
}
std::vector<bool> too_few(std::span<const std::int32_t>) { return {true}; }
std::vector<std::vector<std::string>> kept(udf::Column<std::span<const std::string_view>> lists) {
  std::vector<std::span<const std::string_view>> views;
  for (const auto list : lists) views.push_back(list);
  std::vector<std::vector<std::string>> copies;
  for (const auto view : views) copies.emplace_back(view.begin(), view.end());
  return copies;
}

class Longest {
 public:
  void add(std::string_view text, std::optional<std::int32_t> weight) {
    if (weight && text.size() >= text_.size()) text_ = text;
    ++rows_;
  }
  void merge(const Longest&) {}
  std::optional<std::string> finish() const {
    if (rows_ == 0) return std::nullopt;
    if (text_ == "bad") throw std::invalid_argument("a bad text");
    return text_ + std::to_string(rows_);
  }

 private:
  std::string text_;
  int rows_ = 0;
};

/// How its rows were put together.
class Joined {
 public:
  void add(std::int32_t value) { text_ += std::to_string(value); }
  void merge(const Joined& other) { text_ = '(' + text_ + '|' + other.text_ + ')'; }
  std::string finish() const { return text_; }

 private:
  std::string text_;
};

Array ints(std::string_view bits, std::initializer_list<std::int32_t> values) {
  return Array("i", static_cast<std::int64_t>(values.size())).bits(bits).values(values);
}
/// a, bb, ccc
Array words(std::string_view bits = "111") {
  return Array("u", 3).bits(bits).values<std::int32_t>({0, 1, 3, 6}).text("abbccc");
}
Array lists_of_words() {
  return Array("+l", 3).none().values<std::int32_t>({0, 1, 1, 3}).child(Array("u", 3).none().values<std::int32_t>({0, 1, 3, 6}).text("abbccc"));
}

}  // namespace

TEST_SUITE_BEGIN("kernels and null rules");

TEST_CASE("a null for a plain argument gives null without a call; a null for an optional one is seen") {
  const auto functions = registered([](udf::Module& m) {
    m.row<twice>("twice", "x"_a);
    m.row<sum>("sum", "a"_a, "b"_a);
    m.row<half>("half", "x"_a);
    m.row<repeat>("repeat", "text"_a, "times"_a);
  });
  CHECK(computed<std::int32_t>(*functions[0], ints("101", {1, INT32_MAX, 3})) == "2 null 6"sv);
  CHECK(computed<std::int32_t>(*functions[1], ints("110", {1, 2, 3}), ints("101", {1, 2, 3})) == "2 102 null"sv);
  CHECK(computed<std::int32_t>(*functions[2], ints("110", {1, 2, 4})) == "null 1 null"sv);
  CHECK(computed<std::string>(*functions[3], words("110"), ints("101", {2, 9, 9})) == "'aa' 'bb' null"sv);
}

TEST_CASE("rows of full, mixed and empty words of a mask are all computed, and no row behind the last") {
  const auto functions = registered([](udf::Module& m) { m.row<twice>("twice", "x"_a); });
  // 200 rows: 64 present, 64 null, 64 of which every third is null, 8 present
  constexpr std::size_t rows = 200;
  std::string bits;
  std::string bytes(rows * 4, '\0');
  std::string expected;
  for (std::size_t row = 0; row < rows; ++row) {
    const bool present = row < 64 || (row >= 128 && (row >= 192 || row % 3 != 0));
    const auto value = static_cast<std::int32_t>(row);
    bits += present ? '1' : '0';
    std::memcpy(&bytes[row * 4], &value, 4);
    expected += (row == 0 ? "" : " ") + (present ? std::to_string(2 * row) : "null");
  }
  CHECK(computed<std::int32_t>(*functions[0], Array("i", rows).bits(bits).text(bytes)) == expected);
  std::int64_t row = -1;
  CHECK(computed_watched<std::int32_t>(*functions[0], row, Array("i", rows).bits(bits).text(bytes)) == expected);
  CHECK(row == 199);
}

TEST_CASE("what a function throws, or gives as udf::Error, is the error of its row") {
  const auto functions = registered([](udf::Module& m) {
    m.row<at_most_two>("at_most_two", "x"_a);
    m.row<checked>("checked", "x"_a);
    m.row<checked_half>("checked_half", "x"_a);
    m.row<throws_a_number>("throws_a_number", "x"_a);
  });
  const auto argument = [] { return ints("1011", {1, 9, 2, 3}); };
  CHECK(computed<std::int32_t>(*functions[0], argument()) == "row 3: more than two"sv);
  CHECK(computed<std::int32_t>(*functions[1], argument()) == "row 3: more than two"sv);
  CHECK(computed<std::int32_t>(*functions[1], ints("101", {1, 9, 2})) == "1 null 2"sv);
  CHECK(computed<std::int32_t>(*functions[2], argument()) == "row 3: more than two"sv);
  CHECK(computed<std::int32_t>(*functions[2], ints("101", {1, 9, 2})) == "null null 1"sv);
  CHECK(computed<std::int32_t>(*functions[3], argument()) == "row 3: the function threw an object of type int"sv);
}

TEST_CASE("a view of an argument that was made for the call may be the result") {
  const auto functions = registered([](udf::Module& m) { m.row<second_half>("second_half", "text"_a); });
  // long enough not to lie in the string itself
  auto texts = Array("u", 2).none().values<std::int32_t>({0, 4, 68}).text("abcd" + std::string(32, 'x') + std::string(32, 'y'));
  CHECK(computed<std::string>(*functions[0], std::move(texts)) == "'cd' 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'"sv);
}

TEST_CASE("lists that are made for a row stay until the next, each in its own place") {
  const auto functions = registered([](udf::Module& m) {
    m.row<joined_pairs>("joined_pairs", "a"_a, "b"_a);
    m.row<count>("count", "texts"_a);
  });
  CHECK(computed<std::vector<std::string>>(*functions[0], lists_of_words(), lists_of_words()) == "['aa'] [] ['bbbb' 'cccccc']"sv);
  CHECK(computed<std::uint64_t>(*functions[1], lists_of_words()) == "1 0 2"sv);
}

TEST_CASE("a batch function sees the rows without nulls that it must not see, and a result goes to its row") {
  const auto functions = registered([](udf::Module& m) {
    m.batch<scale>("scale", "x"_a);
    m.batch<named>("named", "x"_a, "y"_a);
    m.batch<too_few>("too_few", "x"_a);
    m.batch<kept>("kept", "lists"_a);
  });
  CHECK(computed<std::int32_t>(*functions[0], ints("111", {1, 2, 3})) == "3 6 9"sv);
  CHECK(computed<std::int32_t>(*functions[0], ints("101", {1, 9, 3})) == "2 null 6"sv);
  CHECK(computed<std::int32_t>(*functions[0], ints("000", {1, 9, 3})) == "null null null"sv);
  CHECK(computed<std::int32_t>(*functions[0], Array("i", 0).none().none()) == ""sv);
  CHECK(computed<std::string>(*functions[1], words("101"), ints("110", {1, 2, 3})) == "'a1' null null"sv);
  CHECK(computed<bool>(*functions[2], ints("1", {1})) == "true"sv);
  CHECK(computed<bool>(*functions[2], ints("11", {1, 2})) == "row -1: it gave 1 result for 2 rows"sv);
  CHECK(computed<std::vector<std::string>>(*functions[3], lists_of_words()) == "['a'] [] ['bb' 'ccc']"sv);
}

TEST_CASE("an aggregate has an object for each group, and leaves out rows with a null that it must not see") {
  const auto functions = registered([](udf::Module& m) { m.aggregate<Longest>("longest", "text"_a, "weight"_a); });
  // groups: (a, 1) (bb, null) | none | (null, 3)
  const auto texts = [](std::string_view present) {
    auto all = Array("u", 3).bits(present).values<std::int32_t>({0, 1, 3, 6}).text("abbbad");
    return Array("+l", 3).none().values<std::int32_t>({0, 2, 2, 3}).child(std::move(all));
  };
  const auto weights = [] {
    return Array("+l", 3).bits("111").values<std::int32_t>({0, 2, 2, 3}).child(ints("101", {1, 9, 3}));
  };
  CHECK(computed<std::string>(*functions[0], texts("110"), weights()) == "'a2' null null"sv);
  CHECK(computed<std::string>(*functions[0], texts("111"), weights()) == "row 2: a bad text"sv);
  auto shorter = Array("+l", 3).none().values<std::int32_t>({0, 1, 1, 2}).child(ints("11", {1, 2}));
  CHECK(computed<std::string>(*functions[0], texts("111"), std::move(shorter)) == "row 0: its arguments have 2 and 1 values"sv);
  // a null group is an empty one
  auto none = Array("+l", 3).bits("000").values<std::int32_t>({0, 2, 2, 3}).child(ints("101", {1, 9, 3}));
  auto nothing = Array("+l", 3).bits("000").values<std::int32_t>({0, 0, 0, 0}).child(Array("u", 0).none().none().none());
  CHECK(computed<std::string>(*functions[0], std::move(nothing), std::move(none)) == "null null null"sv);
}

TEST_CASE("an aggregate computes a long group in parts, by halves, and merges them in order") {
  const auto functions = registered([](udf::Module& m) { m.aggregate<Joined>("joined", "value"_a); });
  // groups: 0 1 2 3 4 | none | 5, null, 7
  const auto computed_in_parts = [&](std::int64_t rows) {
    set_part_rows(rows);
    auto lists = Array("+l", 3).none().values<std::int32_t>({0, 5, 5, 8}).child(ints("11111101", {0, 1, 2, 3, 4, 5, 6, 7}));
    auto shown = computed<std::string>(*functions[0], std::move(lists));
    set_part_rows(0);
    return shown;
  };
  CHECK(computed_in_parts(0) == "'01234' '' '57'"sv);
  CHECK(computed_in_parts(5) == "'01234' '' '57'"sv);
  CHECK(computed_in_parts(2) == "'(01|(23|4))' '' '(5|7)'"sv);
  CHECK(computed_in_parts(1) == "'((0|1)|(2|(3|4)))' '' '(5|(|7))'"sv);
  CHECK_THROWS_AS(set_part_rows(-1), UsageError);
}

TEST_SUITE_END();
