#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "defaults.h"
#include "describe.h"
#include "messages.h"
#include "written.h"

using namespace udf::detail;

namespace {

struct Stop {
  std::string_view name;
  std::optional<Date> day;
  std::vector<std::vector<float>> ratings;
};
UDF_STRUCT(Stop, name, day, ratings)

class Shop {
 public:
  bool is_open(LocalTime) const noexcept { return true; }
};

class Mean {
 public:
  void add(double, std::optional<std::int64_t>) {}
  void merge(const Mean&) {}
  std::optional<udf::Decimal<9, 3>> finish() const { return std::nullopt; }
};

double price(const Stop&, std::span<const std::byte>, std::optional<std::uint8_t>, std::string_view) { return 0; }
udf::Result<std::vector<std::optional<std::string>>> parts(std::string_view) { return std::vector<std::optional<std::string>>(); }
void scale(std::span<const std::int16_t>, udf::Column<std::optional<bool>>, std::span<float>) {}

/// A type as text: `list<int8?>`.
std::string type_text(const Field& field) {
  const Type& type = field.type;
  std::string text(kind_name(type.kind));
  if (type.kind == Kind::Decimal) text += "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
  if (!type.children.empty()) {
    text += " " + type.name + "<";
    for (const Field& child : type.children) text += (&child == &type.children[0] ? "" : ", ") + child.name + " " + type_text(child);
    text += ">";
  }
  return text + (field.nullable ? "?" : "");
}

/// What `body` writes to standard error.
template <class Body>
std::string standard_error(const Body& body) {
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  ::dup2(pipe[1], STDERR_FILENO);
  ::close(pipe[1]);
  body();
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; (size = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  ::close(pipe[0]);
  return text;
}

}  // namespace

TEST_SUITE_BEGIN("registration");

TEST_CASE("a registration has the types, null rules and kinds that the C++ types say") {
  const auto functions = registered([](udf::Module& m) {
    m.row<price>("price", "stop"_a, "key"_a, "count"_a, "unit"_a = "km").doc("What it costs.");
    m.table<parts>("parts", "text"_a).not_deterministic();
    m.batch<scale>("scale", "x"_a, "up"_a);
    m.row<&Shop::is_open>("is_open", "at"_a);
    m.aggregate<Mean>("mean", "x"_a, "weight"_a);
  });
  REQUIRE(functions.size() == 5);
  const Function& row = *functions[0];
  CHECK(type_text(row.arguments[0]) == "struct Stop<name string, day date?, ratings list < list < float>>>"sv);
  CHECK(type_text(row.arguments[1]) == "bytes"sv);
  CHECK(type_text(row.arguments[2]) == "uint8?"sv);
  CHECK(type_text(row.arguments[3]) == "string"sv);
  CHECK(type_text(row.result) == "double"sv);
  CHECK(row.required() == 3);
  CHECK(row.default_of(2) == nullptr);
  CHECK(row.default_of(3)->text == "km"sv);
  CHECK(row.doc == "What it costs."sv);
  CHECK(row.deterministic);
  CHECK(functions[1]->kind == FunctionKind::Table);
  CHECK(type_text(functions[1]->result) == "list < string?>"sv);
  CHECK(!functions[1]->deterministic);
  CHECK(functions[2]->kind == FunctionKind::Batch);
  CHECK(type_text(functions[2]->arguments[0]) == "int16"sv);
  CHECK(type_text(functions[2]->arguments[1]) == "bool?"sv);
  CHECK(type_text(functions[2]->result) == "float"sv);
  CHECK(type_text(functions[3]->arguments[0]) == "local_timestamp"sv);
  CHECK((functions[3]->state_class->from_config == nullptr));
  CHECK((functions[3]->state_class->from_nothing != nullptr));
  CHECK(functions[4]->kind == FunctionKind::Aggregate);
  CHECK(type_text(functions[4]->arguments[0]) == "list < double?>"sv);
  CHECK(type_text(functions[4]->arguments[1]) == "list < int64?>?"sv);
  CHECK(type_text(functions[4]->result) == "decimal(9,3)?"sv);
}

TEST_CASE("defaults are columns of their value, or of nulls") {
  const auto functions = registered([](udf::Module& m) {
    m.row<[](std::int64_t a, std::optional<double> b, std::string_view c, bool d) -> std::int64_t { return a + d + std::int64_t(b.has_value()) + std::int64_t(c.size()); }>(
        "all", "a"_a = -3, "b"_a = std::nullopt, "c"_a = "text", "d"_a = true);
  });
  Arena arena;
  const auto column = [&](std::size_t index) {
    return column_of_default(*functions[0]->default_of(index), functions[0]->arguments[index].type, 2, arena);
  };
  CHECK(shown_rows<std::int64_t>(column(0)) == "-3 -3"sv);
  CHECK(shown_rows<std::optional<double>>(column(1)) == "null null"sv);
  CHECK(shown_rows<std::string>(column(2)) == "'text' 'text'"sv);
  CHECK(shown_rows<bool>(column(3)) == "true true"sv);
  udf::Module module;
  CHECK_THROWS_WITH_AS((module.row<[](std::int8_t a) { return a; }>("f", "a"_a = 128)),
                       "f(): the default of \"a\" is out of its range", std::logic_error);
  CHECK_THROWS_WITH_AS((module.row<[](float a) { return a; }>("f", "a"_a = 1e39)),
                       "f(): the default of \"a\" is no finite number", std::logic_error);
}

TEST_CASE("the number of arguments that a call may have") {
  const auto functions = registered([](udf::Module& m) {
    m.row<[](double a, double b) { return a + b; }>("sum", "a"_a, "b"_a);
    m.row<[](double a, double b) { return a + b; }>("maybe", "a"_a, "b"_a = 1);
  });
  CHECK_NOTHROW(check_count(*functions[0], 2));
  CHECK_THROWS_WITH_AS(check_count(*functions[0], 1), "sum() takes 2 arguments, not 1", UsageError);
  CHECK_NOTHROW(check_count(*functions[1], 1));
  CHECK_THROWS_WITH_AS(check_count(*functions[1], 3), "maybe() takes 1 to 2 arguments, not 3", UsageError);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("log");

TEST_CASE("each line of a text is a line of the log with its level") {
  CHECK(standard_error([] { udf::log(udf::Level::debug, "one"); }) == "debug: one\n"sv);
  CHECK(standard_error([] { udf::log(udf::Level::info, "one\ntwo"); }) == "info: one\ninfo: two\n"sv);
  CHECK(standard_error([] { udf::log(udf::Level::warning, ""); }) == "warning: \n"sv);
  CHECK(standard_error([] { udf::log(udf::Level::error, "end\n"); }) == "error: end\nerror: \n"sv);
}

TEST_CASE("in a watched process a line has function and row") {
  const auto functions = registered([](udf::Module& m) {
    m.row<[](std::int32_t x) {
      if (x == 5) udf::log(udf::Level::info, "five");
      return x;
    }>("f", "x"_a);
    m.batch<[](std::span<const std::int32_t> x, std::span<std::int32_t>) { udf::log(udf::Level::info, std::to_string(x.size())); }>("g", "x"_a);
  });
  const std::int32_t values[] = {1, 2, 5};
  const Input input{values, nullptr, nullptr, 3};
  OwnedColumn result(functions[0]->result.type, {true, true, Masks::Declared}, 3);
  is_watched.store(true);
  const std::string row = standard_error([&] { compute(*functions[0], nullptr, &input, result.output(), 3); });
  const std::string batch = standard_error([&] { compute(*functions[1], nullptr, &input, result.output(), 3); });
  is_watched.store(false);
  CHECK(row == "info: f(), row 2 of its batch: five\n"sv);
  CHECK(batch == "info: g(): 3\n"sv);
  CHECK(functions[0]->watched.rows.load() == 3);
}

TEST_SUITE_END();
