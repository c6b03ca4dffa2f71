#include "current_call.h"

namespace udf::detail {

constinit thread_local CurrentCall current_call{};

}  // namespace udf::detail
