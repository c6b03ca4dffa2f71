#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "udf/function.h"

namespace udf::detail {

/// The name of a kind in descriptions and messages.
std::string_view kind_name(Kind kind);
std::string_view kind_name(FunctionKind kind);

/// The module's functions as JSON.
std::string describe(std::string_view module, const std::vector<std::unique_ptr<Function>>& functions);

}  // namespace udf::detail
