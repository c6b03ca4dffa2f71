#pragma once

/// All that an author of functions includes. A CSV reader for config files is in <udf/csv.h>.
#include "udf/batch_column.h"
#include "udf/config.h"
#include "udf/decimal.h"
#include "udf/log.h"
#include "udf/module.h"
#include "udf/result.h"
#include "udf/struct.h"
#include "udf/version.h"
