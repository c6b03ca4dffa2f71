#pragma once

#include <string>

namespace udf::detail {

/// From now on a crash in a function adds a line to this file; see `udf_watch` in udf/abi.h. Throws UsageError when the
/// file cannot be written.
void watch(const std::string& path);

}  // namespace udf::detail
