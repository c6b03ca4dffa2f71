#include <udf/udf.h>

UDF_MODULE(named, m) {}
