#pragma once

// The symbols of Node-API are weak, so that the same object loads in a host that is not Node.
#define NAPI_EXTERN __attribute__((weak, visibility("default")))
#include <napi.h>

#include <string>

#include "runtime.h"
#include "udf/row_error.h"

namespace udf::detail::node {

/// A JavaScript exception is pending already.
struct PendingException {};

/// Every call into Node that cannot fail on its own goes through this. Throws PendingException.
inline void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, nullptr, "udf: a call of Node-API failed");
  throw PendingException{};
}

/// What `value` is, for messages: `a string`, `null`.
inline std::string kind_of(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  check(env, napi_typeof(env, value, &type));
  switch (type) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "null";
    case napi_boolean:
      return "a boolean";
    case napi_number:
      return "a number";
    case napi_string:
      return "a string";
    case napi_symbol:
      return "a symbol";
    case napi_object:
      return "an object";
    case napi_function:
      return "a function";
    case napi_external:
      return "an external value";
    case napi_bigint:
      return "a bigint";
  }
  return "an unknown value";
}

/// Throws into JavaScript what is in flight in C++; call it in a catch block only.
inline void throw_into_javascript(napi_env env) noexcept {
  const auto raise = [env](Napi::Error error, const char* code) {
    error.Set("code", Napi::String::New(env, code));
    error.ThrowAsJavaScriptException();
  };
  try {
    throw;
  } catch (const PendingException&) {
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  } catch (const RowError& error) {
    Napi::Error made = Napi::Error::New(env, error.what());
    made.Set("function", Napi::String::New(env, error.function()));
    if (error.row() >= 0) made.Set("row", Napi::Number::New(env, static_cast<double>(error.row())));
    const Napi::Array frames = Napi::Array::New(env, error.frames().size());
    for (std::uint32_t index = 0; index < error.frames().size(); ++index) {
      frames.Set(index, Napi::Number::New(env, static_cast<double>(error.frames()[index])));
    }
    made.Set("frames", frames);
    if (error.signal() != 0) made.Set("signal", Napi::Number::New(env, error.signal()));
    raise(std::move(made), "UDF_ROW_ERROR");
  } catch (const StateError& error) {
    Napi::Error made = Napi::Error::New(env, error.what());
    if (!error.config().empty()) made.Set("config", Napi::String::New(env, error.config()));
    raise(std::move(made), "UDF_CONFIG_ERROR");
  } catch (const UsageError& error) {
    raise(Napi::TypeError::New(env, error.what()), "UDF_USAGE_ERROR");
  } catch (const std::exception& error) {
    raise(Napi::Error::New(env, error.what()), "UDF_MODULE_ERROR");
  }
}

/// A callback that turns C++ exceptions into JavaScript ones.
template <napi_value (*body)(napi_env, napi_callback_info)>
napi_value callback(napi_env env, napi_callback_info info) noexcept {
  try {
    return body(env, info);
  } catch (...) {
    throw_into_javascript(env);
    return nullptr;
  }
}

}  // namespace udf::detail::node
