#pragma once

#include <forward_list>
#include <string>
#include <string_view>

#include "node_host.h"

namespace udf::detail::node {

/// Keeps the UTF-8 bytes of JavaScript strings for one call; short ones on the stack.
class Texts {
 public:
  /// Throws nothing that is not a failure of Node; false when `value` is no string.
  bool read(napi_env env, napi_value value, std::string_view& text) {
    char* const room = buffer_ + used_;
    const std::size_t left = sizeof buffer_ - used_;
    std::size_t length = 0;
    if (napi_get_value_string_utf8(env, value, room, left, &length) != napi_ok) return false;
    // a character takes up to 4 bytes, so a cut text ends up to 3 bytes before the end
    if (length + 4 < left) {
      used_ += length;
      text = {room, length};
      return true;
    }
    check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
    std::string& own = long_.emplace_front(length, '\0');
    check(env, napi_get_value_string_utf8(env, value, own.data(), length + 1, &length));
    text = own;
    return true;
  }

 private:
  char buffer_[512];
  std::size_t used_ = 0;
  std::forward_list<std::string> long_;
};

}  // namespace udf::detail::node
