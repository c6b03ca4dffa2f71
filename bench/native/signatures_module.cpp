// The module of the benchmark of signatures; its functions are in the order of their names in signatures.cpp.

#include <udf/udf.h>

#include "signatures.h"

using namespace udf::literals;

UDF_STRUCT(Point, x, y)

UDF_MODULE(signatures, m) {
  m.row<polynomial>("polynomial", "a"_a, "b"_a);
  m.row<haversine>("haversine", "lat1"_a, "lon1"_a, "lat2"_a, "lon2"_a);
  m.row<mix>("mix", "a"_a, "b"_a);
  m.row<either>("either", "a"_a, "b"_a);
  m.row<first_of>("first_of", "a"_a, "b"_a);
  m.row<day_of>("day_of", "time"_a);
  m.row<hash_of>("hash_of", "text"_a);
  m.row<trimmed>("trimmed", "text"_a);
  m.row<route>("route", "from"_a, "to"_a);
  m.row<dot>("dot", "a"_a, "b"_a);
  m.row<turned>("turned", "x"_a, "y"_a);
  m.row<powers>("powers", "x"_a);
  m.row<refused>("refused", "x"_a);
}
