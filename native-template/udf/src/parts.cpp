#include "parts.h"

#include "runtime.h"
#include "udf/aggregate.h"

namespace udf::detail {

constinit std::atomic<std::uint64_t> part_rows{usual_part_rows};

void set_part_rows(std::int64_t rows) {
  if (rows < 0) throw UsageError({"a part has at least one row"});
  part_rows.store(rows == 0 ? usual_part_rows : static_cast<std::uint64_t>(rows), std::memory_order_relaxed);
}

}  // namespace udf::detail
