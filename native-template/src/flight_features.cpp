#include <udf/udf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "airports.h"
#include "haversine.h"

using namespace udf::literals;

/// -1 when nobody knows, 0 early or on time, 1 up to 15 minutes late, 2 up to an hour, then 3.
std::int32_t delay_band(std::optional<std::int64_t> minutes) noexcept {
  if (!minutes) return -1;
  return *minutes <= 0 ? 0 : *minutes <= 15 ? 1 : *minutes <= 60 ? 2 : 3;
}

/// `ABE-ATL` for both directions.
std::string route_key(std::string_view origin, std::string_view destination) {
  const bool swap = destination < origin;
  std::string key(swap ? destination : origin);
  key += '-';
  key += swap ? origin : destination;
  return key;
}

UDF_MODULE(flight_features, m) {
  m.row<haversine_km>("haversine_km", "lat1"_a, "lon1"_a, "lat2"_a, "lon2"_a)
      .doc("Great-circle distance in kilometres between two places, given in degrees.");

  m.row<&Airports::route>("route", "origin"_a, "destination"_a)
      .config("airports.csv")
      .doc("Distance between two airports, and its band: 0 under 500 km, 1 under 1500, 2 under 3000, then 3. "
           "Null when an airport is unknown.");

  m.row<route_key>("route_key", "origin"_a, "destination"_a)
      .doc("Names the route between two airports, the same for both directions: ABE-ATL.");

  m.row<delay_band>("delay_band", "minutes"_a)
      .doc("-1 for an unknown delay, 0 for none, 1 up to 15 minutes, 2 up to an hour, then 3.");
}
