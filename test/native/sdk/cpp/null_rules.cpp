#include "shown.h"
#include "take_rows.h"

using namespace udf::detail;

TEST_SUITE_BEGIN("null rules of nested columns");

namespace {

/// A mask of its own, which is exactly as long as it must be.
struct Mask {
  explicit Mask(std::string_view bits) : words((bits.size() + 63) / 64) {
    for (std::size_t row = 0; row < bits.size(); ++row) {
      if (bits[row] == '1') words[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }
  std::vector<std::uint64_t> words;
};

std::string bits_of(const std::uint64_t* validity, std::int64_t rows) {
  std::string bits;
  for (std::int64_t row = 0; row < rows; ++row) bits += is_valid(validity, row) ? '1' : '0';
  return bits;
}

}  // namespace

TEST_CASE("a null among a list's elements makes the list null, wherever it lies in the words of the mask") {
  const std::int8_t values[130] = {};
  const Type type = type_of<std::vector<std::int8_t>>();
  // lists that end, begin and lie at the borders of words
  const ListEntry entries[] = {{0, 63}, {63, 1}, {64, 64}, {0, 130}, {128, 2}, {130, 0}, {1, 126}};
  for (const auto& [null, expected] : {std::pair{0, "0110111"}, {62, "0110110"}, {63, "1010110"}, {64, "1100110"},
                                       {127, "1100111"}, {128, "1110011"}, {129, "1110011"}}) {
    CAPTURE(null);
    std::string bits(130, '1');
    bits[static_cast<std::size_t>(null)] = '0';
    const Mask mask(bits);
    const Input elements{values, mask.words.data(), nullptr, 130};
    Arena arena;
    const Input moved = move_nulls_outward({entries, nullptr, &elements, 7}, type, arena);
    CHECK(bits_of(moved.validity, 7) == std::string_view(expected));
  }
}

TEST_CASE("a list that is null itself stays null, and its entry is not looked at") {
  const std::int8_t values[2] = {};
  const Type type = type_of<std::vector<std::int8_t>>();
  const ListEntry entries[] = {{1'000'000, 1'000'000}, {0, 1}, {0, 2}};
  const Mask lists("011");
  const Mask mask("10");
  const Input elements{values, mask.words.data(), nullptr, 2};
  Arena arena;
  const Input moved = move_nulls_outward({entries, lists.words.data(), &elements, 3}, type, arena);
  CHECK(bits_of(moved.validity, 3) == "010"sv);
}

TEST_CASE("elements that may be null leave their list as it is") {
  const std::int8_t values[1] = {};
  const Type type = type_of<std::vector<std::optional<std::int8_t>>>();
  const ListEntry entries[] = {{0, 1}};
  const Mask mask("0");
  const Input elements{values, mask.words.data(), nullptr, 1};
  Arena arena;
  CHECK(move_nulls_outward({entries, nullptr, &elements, 1}, type, arena).validity == nullptr);
}

TEST_CASE("rows are taken in any order, with their nulls and texts") {
  const std::string_view texts[] = {"a", "b", "c"};
  const Mask mask("101");
  const Input from{texts, mask.words.data(), nullptr, 3};
  const std::int64_t indices[] = {2, 1, -77, 0, 2};
  const Mask present("11011");
  Arena arena;
  const Input taken = take_rows(from, type_of<std::string>(), indices, {nullptr, present.words.data(), nullptr, 5}, arena);
  CHECK(shown_rows<std::optional<std::string>>(taken) == "'c' null null 'a' 'c'"sv);
}

TEST_SUITE_END();
