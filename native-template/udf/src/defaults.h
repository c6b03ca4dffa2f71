#pragma once

#include "arena.h"
#include "udf/function.h"

namespace udf::detail {

/// A column whose every row is null, of any type.
Input null_column(const Type& type, std::int64_t rows, Arena& arena);

/// A column that holds an argument's default in every row.
Input column_of_default(const Default& value, const Type& type, std::int64_t rows, Arena& arena);

}  // namespace udf::detail
