#include "udf/module.h"

void* udf::detail::python_init() noexcept { return nullptr; }
