#pragma once

/// Version of the SDK that lies in the module's `udf/` folder; the same text as in `udf/VERSION`.
#define UDF_SDK_VERSION "0.1.0"
