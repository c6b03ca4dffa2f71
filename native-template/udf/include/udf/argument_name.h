#pragma once

#include <cstddef>
#include <string_view>

namespace udf {

/// The name of an argument that may be left out, and what it is then.
template <class T>
struct ArgumentWithDefault {
  std::string_view text;
  T value;
};

/// The name of one argument; written `"lat1"_a`, and `"scale"_a = 1.0` for one that callers may leave out.
struct ArgumentName {
  std::string_view text;

  template <class T>
  constexpr ArgumentWithDefault<T> operator=(T value) const {
    return {text, value};
  }
};

namespace literals {
constexpr ArgumentName operator""_a(const char* text, std::size_t size) { return {{text, size}}; }
}  // namespace literals

}  // namespace udf
