#pragma once

#include <cstdint>

namespace udf::detail {

/// From now on groups of aggregates are computed in parts of at most so many rows; 0: as usual. For tests, which find out
/// by it whether `merge` is right. Throws UsageError.
void set_part_rows(std::int64_t rows);

}  // namespace udf::detail
