// The door for Node: loads in the main thread and in worker threads alike, since it keeps nothing for one of them.

#include "guard.h"
#include "node_columns.h"
#include "node_host.h"
#include "node_scalar.h"
#include "parts.h"
#include "watch.h"

namespace udf::detail::node {
namespace {

Napi::String describe(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), Registry::get().description());
}

void configure(const Napi::CallbackInfo& info) {
  if (info.Length() != 2 || !info[0].IsString() || !info[1].IsString()) {
    throw UsageError({"configure() takes the name of a config and the path of its file"});
  }
  detail::configure(info[0].As<Napi::String>().Utf8Value(), info[1].As<Napi::String>().Utf8Value());
}

void prepare(const Napi::CallbackInfo&) { detail::prepare(); }

void watch(const Napi::CallbackInfo& info) {
  if (info.Length() != 1 || !info[0].IsString()) throw UsageError({"watch() takes the path of a file"});
  detail::watch(info[0].As<Napi::String>().Utf8Value());
}

void guard(const Napi::CallbackInfo& info) {
  if (info.Length() != 2 || !info[0].IsNumber() || !info[1].IsBoolean()) {
    throw UsageError({"guard() takes the index of a function, and whether it is guarded from now on"});
  }
  const Function& function = Registry::get().function(info[0].As<Napi::Number>().Int64Value());
  detail::guard(function, info[1].As<Napi::Boolean>().Value());
}

void parts(const Napi::CallbackInfo& info) {
  if (info.Length() != 1 || !info[0].IsNumber()) throw UsageError({"parts() takes the rows of a part"});
  set_part_rows(info[0].As<Napi::Number>().Int64Value());
}

/// As `callback`, for functions that are written with node-addon-api.
template <auto body>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    if constexpr (std::is_void_v<decltype(body(info))>) {
      body(info);
      return info.Env().Undefined();
    } else {
      return body(info);
    }
  } catch (...) {
    throw_into_javascript(info.Env());
    return {};
  }
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  try {
    Registry::get();  // a registration that makes no sense fails here
    exports.Set("describe", Napi::Function::New(env, &guarded<&describe>, "describe"));
    exports.Set("configure", Napi::Function::New(env, &guarded<&configure>, "configure"));
    exports.Set("prepare", Napi::Function::New(env, &guarded<&prepare>, "prepare"));
    exports.Set("watch", Napi::Function::New(env, &guarded<&watch>, "watch"));
    exports.Set("guard", Napi::Function::New(env, &guarded<&guard>, "guard"));
    exports.Set("parts", Napi::Function::New(env, &guarded<&parts>, "parts"));
    // the two that are called for every row or batch go without wrappers
    const napi_property_descriptor direct[] = {
        {"call", nullptr, &callback<&call>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
        {"columns", nullptr, &callback<&columns>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
    };
    check(env, napi_define_properties(env, exports, std::size(direct), direct));
  } catch (...) {
    throw_into_javascript(env);
  }
  return exports;
}

}  // namespace
}  // namespace udf::detail::node

NAPI_MODULE_INIT() { return udf::detail::node::initialize(Napi::Env(env), Napi::Object(env, exports)); }
