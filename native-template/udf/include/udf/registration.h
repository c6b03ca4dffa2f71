#pragma once

#include <string_view>
#include <type_traits>

#include "udf/function.h"

namespace udf {

/// One registered function; each call returns *this, so that a registration reads as one sentence. `Class` is what it is
/// a method of, `Unfailing` the kernel for one that never throws; both void where there is none.
template <class Class, class Unfailing = void>
class Registration {
 public:
  explicit Registration(detail::Function& function) : function_(function) {}

  /// Shown to callers of the stubs.
  Registration& doc(std::string_view text) {
    function_.doc = text;
    return *this;
  }

  /// The object whose method this is, is made from the config file with this name, once in each process; all methods
  /// of one class and one config share it.
  Registration& config(std::string_view file) {
    static_assert(!std::is_void_v<Class>, "udf: only a method of a class is made from a config file");
    static_assert(std::is_void_v<Class> || std::is_constructible_v<Class, const Config&>,
                  "udf: give the class a constructor that takes const udf::Config&");
    function_.config = file;
    return *this;
  }

  /// The same arguments may give another result at another time: callers must not reuse one.
  Registration& not_deterministic() {
    function_.deterministic = false;
    return *this;
  }

  /// Promises that the function never throws, as `noexcept` does, which makes its loop faster; one that throws all the
  /// same ends the process.
  Registration& cannot_fail() {
    if constexpr (std::is_void_v<Unfailing>) {
      static_assert(!std::is_void_v<Unfailing>, "udf: cannot_fail() is for functions of one row");
    } else {
      static_assert(!Unfailing::can_fail, "udf: a function that gives a udf::Result can fail");
      function_.kernel = Unfailing::kernel();
    }
    return *this;
  }

 private:
  detail::Function& function_;
};

/// What a registration gives that was refused, so that there is one error and no second one.
class NoRegistration {
 public:
  NoRegistration& doc(std::string_view) { return *this; }
  NoRegistration& config(std::string_view) { return *this; }
  NoRegistration& not_deterministic() { return *this; }
  NoRegistration& cannot_fail() { return *this; }
};

}  // namespace udf
