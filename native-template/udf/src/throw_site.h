#pragma once

#include <cstdint>
#include <vector>

namespace udf::detail {

/// Where the exception in flight was thrown, see `Frames`; empty where that is not known, as for one from another
/// thread. Call it in a catch block only.
std::vector<std::uint64_t> throw_site();

}  // namespace udf::detail
