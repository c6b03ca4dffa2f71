#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "udf/function.h"

namespace udf::detail {

/// The parts as one text. Out of line, so that the many messages of the doors stay small where they are made.
[[gnu::cold]] std::string joined(std::initializer_list<std::string_view> parts);

/// What a message is about, such as `route(): argument "origin"`.
class Place {
 public:
  static Place argument(const Function& function, std::size_t index) { return {function, index, ""}; }
  static Place output(const Function& function) { return {function, none, ""}; }

  /// Adds words, such as `, its validity,`.
  Place part(std::string_view words) const { return {*function_, argument_, part_ + std::string(words)}; }

  [[gnu::cold]] std::string text() const;

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  Place(const Function& function, std::size_t argument, std::string part)
      : function_(&function), argument_(argument), part_(std::move(part)) {}

  const Function* function_;
  std::size_t argument_;
  std::string part_;
};

/// What callers in scripting languages give for a type: `a number`.
std::string plain_name(const Type& type);

/// Throws UsageError unless a call gave as many arguments as the function takes; those with defaults may be missing.
void check_count(const Function& function, std::size_t given);

}  // namespace udf::detail
