#pragma once

#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "udf/argument_name.h"
#include "udf/callable.h"
#include "udf/function.h"
#include "udf/value.h"

namespace udf::detail {

template <class Name>
inline constexpr bool is_argument_name = std::is_same_v<Name, ArgumentName>;
template <class T>
inline constexpr bool is_argument_name<ArgumentWithDefault<T>> = true;

template <class Name>
struct DefaultOf {
  static constexpr bool given = false;
};
template <class T>
struct DefaultOf<ArgumentWithDefault<T>> {
  static constexpr bool given = true;
  using Type = T;
};

enum class DefaultProblem { None, Order, Fit };

/// Whether a default of type D can stand for an argument of type T.
template <class T, class D>
consteval bool default_fits() {
  using Declared = std::remove_cvref_t<T>;
  using Value = typename Nullable<Declared>::Value;
  if constexpr (std::is_same_v<D, std::nullopt_t>) {
    return Nullable<Declared>::nullable;
  } else if constexpr (std::is_same_v<Value, bool> || std::is_same_v<D, bool>) {
    return std::is_same_v<Value, D>;
  } else if constexpr (std::is_floating_point_v<Value>) {
    return std::is_arithmetic_v<D>;
  } else if constexpr (std::is_integral_v<Value>) {
    return std::is_integral_v<D> && !std::is_same_v<D, char>;
  } else if constexpr (std::is_same_v<Value, std::string> || std::is_same_v<Value, std::string_view>) {
    return std::is_convertible_v<D, std::string_view>;
  } else {
    return false;
  }
}

template <class T, class Name>
consteval bool default_fits_if_given() {
  if constexpr (DefaultOf<Name>::given) {
    return default_fits<T, typename DefaultOf<Name>::Type>();
  } else {
    return true;
  }
}

/// `named`: there are as many names as arguments.
template <bool named, class... Names, class... T>
consteval DefaultProblem problem_of_defaults(TypeList<T...>) {
  if constexpr (named) {
    bool before = false;
    bool ordered = true;
    ((ordered = ordered && (DefaultOf<Names>::given || !before), before = before || DefaultOf<Names>::given), ...);
    if (!ordered) return DefaultProblem::Order;
    if (!(default_fits_if_given<T, Names>() && ...)) return DefaultProblem::Fit;
  }
  return DefaultProblem::None;
}

/// Remembers the default of an argument, if it has one. Throws std::logic_error for a number that is out of range.
template <class T, class Name>
void add_default(Function& function, const Name& name) {
  using Value = typename Nullable<std::remove_cvref_t<T>>::Value;
  if constexpr (DefaultOf<Name>::given) {
    Default added{};
    if constexpr (std::is_same_v<decltype(name.value), std::nullopt_t>) {
      added.null = true;
    } else if constexpr (std::is_convertible_v<decltype(name.value), std::string_view>) {
      added.text = std::string_view(name.value);
    } else {
      if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
        if (!std::in_range<Value>(name.value)) {
          throw std::logic_error(function.name + "(): the default of \"" + std::string(name.text) + "\" is out of its range");
        }
      }
      if constexpr (std::is_floating_point_v<Value>) {
        const auto number = static_cast<Value>(name.value);
        if (number - number != 0) {
          throw std::logic_error(function.name + "(): the default of \"" + std::string(name.text) + "\" is no finite number");
        }
      }
      const auto stored = Scalar<Value>::write(static_cast<Value>(name.value));
      std::memcpy(added.value.data(), &stored, sizeof stored);
    }
    function.defaults.push_back(std::move(added));
  }
}

}  // namespace udf::detail
