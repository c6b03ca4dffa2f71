#pragma once

#include <string>

namespace udf::detail {

/// What lines of the log say after their level, from now on: which of many tasks logs. Empty for nothing.
void set_log_place(const std::string& place);

}  // namespace udf::detail
