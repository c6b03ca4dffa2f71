#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "udf/function.h"

namespace udf::detail {

/// The parts as one text. Out of line, so that the many messages of the doors stay small where they are made.
[[gnu::cold]] std::string joined(std::initializer_list<std::string_view> parts);

/// What a message is about, such as `route(): argument "origin"`. Its text is made only when there is a message.
class Place {
 public:
  static Place argument(const Function& function, std::size_t index) { return {function, index, none, ""}; }
  static Place output(const Function& function) { return {function, none, none, ""}; }

  Place leaf(std::size_t index) const { return {*function_, argument_, index, part_}; }
  /// Adds words, such as `, its validity,`; they must outlive the place.
  Place part(const char* words) const { return {*function_, argument_, leaf_, words}; }

  [[gnu::cold]] std::string text() const;

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  Place(const Function& function, std::size_t argument, std::size_t leaf, const char* part)
      : function_(&function), argument_(argument), leaf_(leaf), part_(part) {}

  const Function* function_;
  std::size_t argument_;
  std::size_t leaf_;
  const char* part_;
};

/// What callers in scripting languages give for a type: `a number`.
std::string_view plain_name(Type type);

/// Throws UsageError unless a call gave as many arguments as the function takes.
void check_count(const Function& function, std::size_t given);

}  // namespace udf::detail
