#pragma once

#include <cstdint>

#include "arena.h"

namespace udf::detail {

/// Row `indices[row]` of a column for each row of `rows` that is not null; its other members are not looked at. What it
/// makes lies in `arena`; the elements of lists stay where they are.
Input take_rows(const Input& from, const Type& type, const std::int64_t* indices, const Input& rows, Arena& arena);

}  // namespace udf::detail
