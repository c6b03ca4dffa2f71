import { type BuiltModule, builtModule } from "../../support/built-module.ts";

const source = `#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <udf/udf.h>
using namespace udf::literals;

bool negate(bool value) { return !value; }
std::int32_t add_one(std::int32_t value) { return value + 1; }
std::int64_t twice(std::int64_t value) { return value * 2; }
float halve(float value) { return value / 2; }
std::optional<double> root(double value) { return value < 0 ? std::nullopt : std::optional<double>(__builtin_sqrt(value)); }
std::string shout(std::string_view text) { return std::string(text) + "!"; }
std::string either(std::optional<std::string_view> text, std::optional<std::int32_t> number) {
  if (text) return std::string(*text);
  return number ? std::to_string(*number) : "neither";
}

struct Pair { std::string left; std::optional<std::int64_t> size; bool found; };
UDF_STRUCT(Pair, left, size, found)
std::optional<Pair> split(std::string_view text, std::string_view mark) {
  if (text.empty()) return std::nullopt;
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return Pair{std::string(text), std::nullopt, false};
  return Pair{std::string(text.substr(0, at)), static_cast<std::int64_t>(text.size() - at - mark.size()), true};
}
double refuse(double value) {
  if (value == 13) throw std::runtime_error("13 brings bad luck");
  return value;
}
std::string cut(std::string_view text, std::int32_t bytes) { return std::string(text.substr(0, static_cast<std::size_t>(bytes))); }

class Words {
 public:
  explicit Words(const udf::Config& config) : text_(config.text()) {
    if (text_.empty()) throw udf::ConfigError(config.path() + ": holds no words");
  }
  bool knows(std::string_view word) const { return text_.find(word) != std::string_view::npos; }

 private:
  std::string_view text_;
};

UDF_MODULE(every_type, m) {
  m.row<negate>("negate", "value"_a).doc("The other truth value.");
  m.row<add_one>("add_one", "value"_a);
  m.row<twice>("twice", "value"_a);
  m.row<halve>("halve", "value"_a);
  m.row<root>("root", "value"_a).doc("The square root; null below zero.");
  m.row<shout>("shout", "text"_a);
  m.row<either>("either", "text"_a, "number"_a);
  m.row<split>("pair", "text"_a, "mark"_a);
  m.row<refuse>("refuse", "value"_a);
  m.row<cut>("cut", "text"_a, "bytes"_a).doc("The first bytes of a text, which may end within a character.");
  m.row<&Words::knows>("knows", "word"_a).config("words.txt");
}
`;

/** Its own, since the template's names its sources. */
const cmake = `cmake_minimum_required(VERSION 3.18...3.30)
project(every_type LANGUAGES CXX)
include(udf/cmake/udf.cmake)
udf_add_module(every_type src/every_type.cpp)
`;

export type EveryType = BuiltModule;

/** A module with a function of every type, built, with its stubs. */
export function buildEveryType(): Promise<EveryType> {
  return builtModule("every_type", {
    "src/every_type.cpp": source,
    "CMakeLists.txt": cmake,
    "native-udf.json": JSON.stringify({ name: "every_type", configs: ["config/words.txt"] }),
    "config/words.txt": "sea\nsky\n",
  });
}
