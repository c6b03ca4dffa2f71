#pragma once

#include "udf/function.h"

namespace udf::detail {

/// In a watched process, from now on (or no longer): each batch of the function is computed in a copy of the process
/// first, and a crash of that copy is a RowError with its signal, its row and where it was. The copy costs some
/// milliseconds, and has only the thread that computes.
void guard(const Function& function, bool guarded);

}  // namespace udf::detail
