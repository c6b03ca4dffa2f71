#include <udf/udf.h>

#include "haversine.h"

using namespace udf::literals;

UDF_MODULE(flight_features, m) {
  m.row<haversine_km>("haversine_km", "lat1"_a, "lon1"_a, "lat2"_a, "lon2"_a)
      .doc("Great-circle distance in kilometres between two places, given in degrees.");
}
