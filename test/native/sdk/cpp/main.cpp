#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <udf/udf.h>

namespace {
// a name that udf::detail has too
std::int32_t same(std::int32_t value) { return value; }
}  // namespace

// the runtime is linked to a module; the tests register what they need themselves
UDF_MODULE(sdk, m) {
  using namespace udf::literals;
  m.row<same>("same", "value"_a);
}

/// The runtime is shared with the fuzz target, which asks where it has been.
extern "C" void __sanitizer_cov_trace_pc() {}
