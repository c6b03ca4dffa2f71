#pragma once

#include "arena.h"
#include "udf/function.h"

namespace udf::detail {

/// The column as the function's type can take it: a null in a list or a struct that has no place for one makes the list
/// or the struct null. What it makes lies in `arena`.
Input move_nulls_outward(const Input& column, const Type& type, Arena& arena);

}  // namespace udf::detail
