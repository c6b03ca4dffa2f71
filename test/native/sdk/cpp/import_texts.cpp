#include "shown.h"

using laid::Array;
using Bytes = std::vector<std::byte>;

namespace {

/// One 16-byte entry of a view layout: what is short lies in it.
std::string inlined(std::string_view text) {
  std::string entry(16, '\0');
  const auto length = static_cast<std::int32_t>(text.size());
  std::memcpy(entry.data(), &length, 4);
  std::memcpy(entry.data() + 4, text.data(), text.size());
  return entry;
}

std::string viewed(std::int32_t length, std::int32_t buffer, std::int32_t offset) {
  std::string entry(16, 'p');
  std::memcpy(entry.data(), &length, 4);
  std::memcpy(entry.data() + 8, &buffer, 4);
  std::memcpy(entry.data() + 12, &offset, 4);
  return entry;
}

}  // namespace

TEST_SUITE_BEGIN("import of texts and bytes");

TEST_CASE("texts at offsets of 32 and of 64 bits") {
  CHECK(imported<std::string>(Array("u", 3).none().values<std::int32_t>({0, 1, 1, 4}).text("abcd")) == "'a' '' 'bcd'"sv);
  CHECK(imported<std::string>(Array("U", 3).none().values<std::int64_t>({0, 1, 1, 4}).text("abcd")) == "'a' '' 'bcd'"sv);
  CHECK(imported<Bytes>(Array("z", 2).none().values<std::int32_t>({0, 2, 3}).text("\x00\xff\x10"sv)) == "x00ff x10"sv);
  CHECK(imported<Bytes>(Array("Z", 1).none().values<std::int64_t>({1, 3}).text("abc")) == "x6263"sv);
}

TEST_CASE("a slice of texts reads only its own offsets, which need not begin at 0") {
  CHECK(imported<std::string>(Array("u", 2).offset(1).bits("1101").values<std::int32_t>({0, 1, 3, 4, 4}).text("abcd")) ==
        "'bc' null"sv);
  // what lies before the slice may be anything
  CHECK(imported<std::string>(Array("u", 1).offset(2).none().values<std::int32_t>({9, -5, 1, 3}).text("abc")) == "'bc'"sv);
}

TEST_CASE("texts that are all empty need no data") {
  CHECK(imported<std::string>(Array("u", 2).none().values<std::int32_t>({0, 0, 0}).none()) == "'' ''"sv);
  CHECK(imported<std::string>(Array("u", 0).none().none().none()) == ""sv);
}

TEST_CASE("bytes of a fixed width, in a slice too") {
  CHECK(imported<Bytes>(Array("w:2", 2).offset(1).none().text("aabbcc")) == "x6262 x6363"sv);
  CHECK(imported<Bytes>(Array("w:0", 2).none().none()) == "x x"sv);
  CHECK(imported<Bytes>(Array("w:2", 2).bits("01").text("aabb")) == "null x6262"sv);
}

TEST_CASE("views hold up to 12 bytes themselves, and name a buffer for more") {
  const std::string entries = inlined("") + inlined("123456789012") + viewed(13, 1, 2) + viewed(14, 0, 0);
  CHECK(imported<std::string>(Array("vu", 4)
                                  .none()
                                  .text(entries)
                                  .text("a long text...")
                                  .text("..thirteen byte")
                                  .values<std::int64_t>({14, 15})) ==
        "'' '123456789012' 'thirteen byte' 'a long text...'"sv);
  CHECK(imported<Bytes>(Array("vz", 1).none().text(inlined("\x01\x02"sv)).values<std::int64_t>({})) == "x0102"sv);
}

TEST_CASE("views of a slice and of null rows: a null row's entry may be anything") {
  const std::string entries = viewed(-1, 9, -9) + inlined("b") + viewed(99, 99, 99) + inlined("d");
  CHECK(imported<std::string>(Array("vu", 3).offset(1).bits("0101").text(entries).values<std::int64_t>({})) == "'b' null 'd'"sv);
}

TEST_CASE("views may share, overlap and come in any order") {
  const std::string entries = viewed(13, 0, 1) + viewed(14, 0, 0) + viewed(13, 0, 1);
  CHECK(imported<std::string>(Array("vu", 3).none().text(entries).text("abcdefghijklmn").values<std::int64_t>({14})) ==
        "'bcdefghijklmn' 'abcdefghijklmn' 'bcdefghijklmn'"sv);
}

TEST_CASE("offsets that fall, are negative, or have no data, are refused") {
  const std::string_view outside = " has offsets that fall or lie outside of its data";
  CHECK(refusal<std::string>(Array("u", 2).none().values<std::int32_t>({0, 2, 1}).text("ab")) == outside);
  CHECK(refusal<std::string>(Array("u", 1).none().values<std::int32_t>({-1, 1}).text("ab")) == outside);
  CHECK(refusal<std::string>(Array("U", 1).none().values<std::int64_t>({INT64_MIN, INT64_MAX}).text("ab")) == outside);
  CHECK(refusal<std::string>(Array("u", 1).none().values<std::int32_t>({0, 1}).none()) == outside);
  CHECK(refusal<std::string>(Array("u", 1).none().none().text("a")) == " has no buffer of values"sv);
}

TEST_CASE("views outside of their buffers are refused") {
  const std::string_view outside = " has offsets that fall or lie outside of its data";
  const auto one = [](const std::string& entry, std::int64_t size) {
    return Array("vu", 1).none().text(entry).text("0123456789012345").values<std::int64_t>({size});
  };
  CHECK(imported<std::string>(one(viewed(16, 0, 0), 16)) == "'0123456789012345'"sv);
  CHECK(refusal<std::string>(one(viewed(16, 0, 0), 15)) == outside);
  CHECK(refusal<std::string>(one(viewed(16, 0, 1), 16)) == outside);
  CHECK(refusal<std::string>(one(viewed(16, 1, 0), 16)) == outside);
  CHECK(refusal<std::string>(one(viewed(16, -1, 0), 16)) == outside);
  CHECK(refusal<std::string>(one(viewed(16, 0, -1), 16)) == outside);
  CHECK(refusal<std::string>(one(viewed(INT32_MIN, 0, 0), 16)) == outside);
  CHECK(refusal<std::string>(one(viewed(INT32_MAX, 0, INT32_MAX), 16)) == outside);
  CHECK(refusal<std::string>(one(viewed(16, 0, 0), -1)) == outside);
  CHECK(refusal<std::string>(Array("vu", 1).none().text(viewed(16, 0, 0)).none().values<std::int64_t>({16})) == outside);
  CHECK(refusal<std::string>(Array("vu", 1).none().text(viewed(16, 0, 0)).text("0123456789012345").none()) ==
        " has no sizes of its buffers"sv);
}

TEST_SUITE_END();
