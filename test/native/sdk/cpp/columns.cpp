#include <limits>

#include "layouts.h"
#include "shown.h"

using namespace udf::detail;

namespace {

struct Town {
  std::string name;
  std::optional<double> height;
};
UDF_STRUCT(Town, name, height)

/// A column of T that is written by `write(output)`, as text.
template <class T, class Write>
std::string written(std::int64_t rows, const Write& write) {
  const Type type = type_of<typename Nullable<T>::Value>();
  OwnedColumn column(type, {true, true, Masks::Declared}, rows);
  clear(column.output(), rows);
  for (std::int64_t word = 0; word < word_count(rows); ++word) column.output().validity[word] = 0;
  write(column.output());
  column.finish();
  Arena arena;
  return shown_rows<std::optional<T>>(as_input(column.output(), rows, arena));
}

template <class T>
auto rows_of(std::vector<std::optional<T>> values) {
  return [values = std::move(values)](const Output& output) {
    for (std::size_t index = 0; index < values.size(); ++index) {
      const auto row = static_cast<std::int64_t>(index);
      if (write_result(output, row, values[index])) set_valid(output.validity, row);
    }
  };
}

}  // namespace

TEST_SUITE_BEGIN("columns that are written");

TEST_CASE("what is written is read again, nulls too") {
  CHECK(written<std::int64_t>(3, rows_of<std::int64_t>({INT64_MIN, std::nullopt, 7})) == "-9223372036854775808 null 7"sv);
  CHECK(written<bool>(3, rows_of<bool>({true, std::nullopt, false})) == "true null false"sv);
  CHECK(written<std::string>(4, rows_of<std::string>({"a", std::nullopt, "", "bcd"})) == "'a' null '' 'bcd'"sv);
  CHECK(written<Date>(2, rows_of<Date>({Date(std::chrono::days(-1)), Date(std::chrono::days(19782))})) == "-1 19782"sv);
  using Money = udf::Decimal<38, 4>;
  CHECK(written<Money>(2, rows_of<Money>({Money::parse("-0.0001"), Money::parse("9999999999999999999999999999999999.9999")})) ==
        "-0.0001 9999999999999999999999999999999999.9999"sv);
}

TEST_CASE("rows that are left out are empty, and null") {
  CHECK(written<std::string>(4, [](const Output& output) {
    output.text->write(1, "x");
    set_valid(output.validity, 1);
    set_valid(output.validity, 3);
  }) == "null 'x' null ''"sv);
  CHECK(written<std::vector<std::int32_t>>(3, [](const Output& output) {
    write_value(output, 1, std::vector<std::int32_t>{5, 6});
    for (const std::int64_t row : {0, 1, 2}) set_valid(output.validity, row);
  }) == "[] [5 6] []"sv);
}

TEST_CASE("a null row of numbers holds 0") {
  const Type type = type_of<double>();
  OwnedColumn column(type, {true, true, Masks::Declared}, 3);
  clear(column.output(), 3);
  write_value(column.output(), 1, 2.5);
  const auto* const values = static_cast<const double*>(column.output().values);
  CHECK(values[0] == 0);
  CHECK(values[1] == 2.5);
  CHECK(values[2] == 0);
}

TEST_CASE("a column that grows keeps what it has, nulls too, over many words") {
  std::string expected;
  std::vector<std::optional<std::vector<std::optional<std::int64_t>>>> lists(3);
  for (std::size_t list = 0; list < 3; ++list) {
    lists[list].emplace();
    expected += list == 0 ? "[" : " [";
    for (std::size_t index = 0; index < 100; ++index) {
      const bool null = (list + index) % 3 == 0;
      const auto value = static_cast<std::int64_t>(100 * list + index);
      lists[list]->push_back(null ? std::nullopt : std::optional(value));
      expected += (index == 0 ? "" : " ") + (null ? "null" : std::to_string(value));
    }
    expected += "]";
  }
  CHECK(written<std::vector<std::optional<std::int64_t>>>(3, rows_of<std::vector<std::optional<std::int64_t>>>(lists)) == expected);
}

TEST_CASE("lists of texts, of structs, of lists and of booleans grow with their rows") {
  using Texts = std::vector<std::optional<std::string>>;
  CHECK(written<Texts>(2, rows_of<Texts>({Texts{"a", std::nullopt}, Texts{"bc"}})) == "['a' null] ['bc']"sv);
  using Towns = std::vector<std::optional<Town>>;
  CHECK(written<Towns>(2, rows_of<Towns>({Towns{Town{"oslo", 23.5}, std::nullopt}, Towns{Town{"", std::nullopt}}})) ==
        "[{name: 'oslo' height: 23.5} null] [{name: '' height: null}]"sv);
  using Nested = std::vector<std::vector<std::int16_t>>;
  CHECK(written<Nested>(3, rows_of<Nested>({Nested{{1}, {}, {2, 3}}, std::nullopt, Nested{{4}}})) == "[[1] [] [2 3]] null [[4]]"sv);
  CHECK(written<std::vector<bool>>(2, rows_of<std::vector<bool>>({std::vector<bool>{true, false}, std::vector<bool>{}})) ==
        "[true false] []"sv);
}

TEST_CASE("a struct that is null has fields that are null") {
  const Type type = type_of<Town>();
  OwnedColumn column(type, {true, true, Masks::Declared}, 2);
  const Output& output = column.output();
  clear(output, 2);
  output.validity[0] = 0b10;
  write_value(output, 1, Town{"x", 1.5});
  column.finish();
  // name follows the struct, height has a mask of its own
  CHECK((output.children[0].validity[0] & 3) == 0b10);
  CHECK((output.children[1].validity[0] & 3) == 0b10);
  CHECK(static_cast<const double*>(output.children[1].values)[0] == 0);
}

TEST_CASE("texts and lists that are too long for offsets of 32 bits are refused before they are copied") {
  TextOutput text(1);
  // nobody reads the text
  const char letter = 'x';
  CHECK_THROWS_WITH_AS(text.write(0, std::string_view(&letter, 0x80000000U)),
                       "the texts of one batch are longer than 2 GiB; use smaller batches", std::length_error);
  const Field element = field_of<std::int8_t>("");
  ListOutput list(element, Masks::Declared, 1);
  CHECK_THROWS_WITH_AS(list.add(0, 0x80000000U),
                       "the lists of one batch have more than 2,147,483,647 elements; use smaller batches", std::length_error);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("columns that are read");

TEST_CASE("numbers in lists and batches are views of the column, not copies") {
  const std::int32_t values[] = {1, 2, 3, 4};
  const Input elements{values, nullptr, nullptr, 4};
  const ListEntry entries[] = {{1, 2}, {4, 0}, {0, 4}};
  const Input lists{entries, nullptr, &elements, 3};
  Reader<std::span<const std::int32_t>> reader(lists);
  const auto view = Reader<std::span<const std::int32_t>>::read(reader.column(), 0);
  CHECK(view.data() == &values[1]);
  CHECK(view.size() == 2);
  CHECK(Reader<std::span<const std::int32_t>>::read(reader.column(), 1).empty());
  CHECK(BatchArgument<std::span<const std::int32_t>>(elements).get().data() == values);
}

TEST_CASE("udf::Column has size, rows in any order, and goes over them") {
  const double values[] = {0.5, 1.5, 2.5};
  const std::uint64_t mask = 0b101;
  Cell<std::optional<double>> cell(Input{values, &mask, nullptr, 3});
  const udf::Column<std::optional<double>> column(cell, 3);
  CHECK(column.size() == 3);
  CHECK(shown(column[2]) == "2.5"sv);
  CHECK(shown(column[1]) == "null"sv);
  std::string all;
  for (const auto value : column) all += shown(value) + " ";
  CHECK(all == "0.5 null 2.5 "sv);
}

TEST_CASE("a column of texts gives views of the host's memory") {
  const std::string_view texts[] = {"a", "", "ccc"};
  Cell<std::string_view> cell(Input{texts, nullptr, nullptr, 3});
  const udf::Column<std::string_view> column(cell, 3);
  CHECK(column[2].data() == texts[2].data());
}

TEST_CASE("entries of a DuckDB vector hold up to 12 bytes, or point to more; those of null rows are not looked at") {
  const char* const text = "thirteen byte";
  char entries[48];
  std::memset(entries, 0x7f, sizeof entries);
  const std::uint32_t lengths[] = {12, 13};
  std::memcpy(entries, &lengths[0], 4);
  std::memcpy(entries + 4, "123456789012", 12);
  std::memcpy(entries + 32, &lengths[1], 4);
  std::memcpy(entries + 40, &text, sizeof text);
  const std::uint64_t mask = 0b101;
  std::string_view views[3];
  view_duckdb_entries(entries, Input{nullptr, &mask, nullptr, 3}, views);
  CHECK(views[0] == "123456789012"sv);
  CHECK(views[1].empty());
  CHECK(views[2] == "thirteen byte"sv);
}

TEST_SUITE_END();
