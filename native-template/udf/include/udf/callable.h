#pragma once

#include <type_traits>

namespace udf::detail {

template <class... T>
struct TypeList {};

/// What a function's type says: its result, arguments, whether it may throw, and the class it is a method of.
template <class F>
struct Callable {
  static constexpr bool supported = false;
};

template <class R, bool can_throw_of_F, class Of, class... A>
struct CallableBase {
  static constexpr bool supported = true;
  static constexpr bool constant = true;
  static constexpr bool can_throw = can_throw_of_F;
  static constexpr int arity = sizeof...(A);
  using Result = std::remove_cvref_t<R>;
  using Arguments = TypeList<A...>;
  using Class = Of;
};

template <class R, class... A>
struct Callable<R (*)(A...)> : CallableBase<R, true, void, A...> {};
template <class R, class... A>
struct Callable<R (*)(A...) noexcept> : CallableBase<R, false, void, A...> {};
template <class R, class C, class... A>
struct Callable<R (C::*)(A...) const> : CallableBase<R, true, C, A...> {};
template <class R, class C, class... A>
struct Callable<R (C::*)(A...) const noexcept> : CallableBase<R, false, C, A...> {};
template <class R, class C, class... A>
struct Callable<R (C::*)(A...)> : CallableBase<R, true, C, A...> {
  static constexpr bool constant = false;
};
template <class R, class C, class... A>
struct Callable<R (C::*)(A...) noexcept> : CallableBase<R, false, C, A...> {
  static constexpr bool constant = false;
};

template <auto Call>
struct TypeOf {
  using Type = std::remove_const_t<decltype(Call)>;
};
/// A lambda without captures is called as the function that it converts to.
template <auto Call>
  requires requires { +Call; } && std::is_class_v<decltype(Call)>
struct TypeOf<Call> {
  using Type = decltype(+Call);
};
template <auto Call>
using FunctionType = typename TypeOf<Call>::Type;

}  // namespace udf::detail
