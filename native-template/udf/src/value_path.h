#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace udf::detail {

/// Where a value lies in what a caller gives: `[2].km` in a list of structs, `, row 7,` in a column. Its text is made only
/// for a message.
struct ValuePath {
  enum class Step { Whole, Row, Element, Field };

  const ValuePath* outer;
  Step step;
  std::int64_t index;
  std::string_view field;

  static ValuePath row(std::int64_t index) { return {nullptr, Step::Row, index, ""}; }
  ValuePath element(std::int64_t at) const { return {this, Step::Element, at, ""}; }
  ValuePath member(std::string_view name) const { return {this, Step::Field, 0, name}; }

  std::string text() const {
    const std::string before = outer == nullptr ? "" : outer->text() + (outer->step == Step::Row ? " at " : "");
    switch (step) {
      case Step::Whole:
        return "";
      case Step::Row:
        return ", row " + std::to_string(index) + ",";
      case Step::Element:
        return before + "[" + std::to_string(index) + "]";
      case Step::Field:
        break;
    }
    return before + "." + std::string(field);
  }
};

inline constexpr ValuePath whole_value{nullptr, ValuePath::Step::Whole, 0, ""};

}  // namespace udf::detail
