// The door for any host that can call C.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "arrow.h"
#include "frames.h"
#include "runtime.h"
#include "udf/abi.h"
#include "udf/row_error.h"
#include "watch.h"

#define UDF_DOOR extern "C" [[gnu::visibility("default")]] int

namespace udf::detail {
namespace {

void release_error(UdfError* error) {
  std::free(error->message);
  std::free(error->subject);
  *error = UdfError{};
}

int fill(UdfError* error, UdfStatus status, const char* message, const std::string& subject = "",
         std::int64_t row = -1) {
  if (error != nullptr) *error = {strdup(message), strdup(subject.c_str()), row, &release_error};
  return status;
}

/// Where the last row error of this thread was thrown.
struct ErrorFrames {
  std::array<std::uint64_t, Frames::most> addresses;
  std::size_t count;
};
constinit thread_local ErrorFrames error_frames{};

void keep_frames(const std::vector<std::uint64_t>& frames) {
  error_frames.count = std::min(frames.size(), error_frames.addresses.size());
  std::copy_n(frames.begin(), error_frames.count, error_frames.addresses.begin());
}

/// Calls `body`; what it throws goes into `error`.
template <class Body>
int guarded(UdfError* error, const Body& body) noexcept {
  try {
    body();
    return UDF_OK;
  } catch (const RowError& failure) {
    keep_frames(failure.frames());
    return fill(error, UDF_ROW_ERROR, failure.what(), failure.function(), failure.row());
  } catch (const StateError& failure) {
    return fill(error, UDF_CONFIG_ERROR, failure.what(), failure.config());
  } catch (const UsageError& failure) {
    return fill(error, UDF_USAGE_ERROR, failure.what());
  } catch (const std::exception& failure) {
    return fill(error, UDF_MODULE_ERROR, failure.what());
  }
}

}  // namespace
}  // namespace udf::detail

using namespace udf::detail;

UDF_DOOR udf_describe(const char** json, UdfError* error) {
  return guarded(error, [&] { *json = Registry::get().description().c_str(); });
}

UDF_DOOR udf_configure(const char* name, const char* path, UdfError* error) {
  return guarded(error, [&] {
    if (name == nullptr || path == nullptr) throw UsageError({"udf_configure() takes a name and a path"});
    configure(name, path);
  });
}

UDF_DOOR udf_prepare(UdfError* error) {
  return guarded(error, [] { prepare(); });
}

UDF_DOOR udf_watch(const char* path, UdfError* error) {
  return guarded(error, [&] {
    if (path == nullptr) throw UsageError({"udf_watch() takes the path of a file"});
    watch(path);
  });
}

extern "C" [[gnu::visibility("default")]] int64_t udf_error_frames(const uint64_t** frames) {
  *frames = error_frames.addresses.data();
  return static_cast<int64_t>(error_frames.count);
}

UDF_DOOR udf_call_arrow(int64_t index, int64_t count, const ArrowSchema* const* schemas,
                        const ArrowArray* const* arrays, ArrowSchema* result_schema, ArrowArray* result_array,
                        UdfError* error) {
  return guarded(error, [&] {
    const Function& function = Registry::get().function(index);
    if (count < 0 || schemas == nullptr || arrays == nullptr || result_schema == nullptr || result_array == nullptr) {
      throw UsageError({"udf_call_arrow() takes arrays with their schemas, and places for a result"});
    }
    std::vector<ArrowColumn> columns;
    columns.reserve(static_cast<std::size_t>(count));
    for (std::int64_t at = 0; at < count; ++at) columns.push_back({schemas[at], arrays[at]});
    call_arrow(function, columns, *result_schema, *result_array);
  });
}
