#include "haversine.h"

#include <cmath>
#include <numbers>

#include "earth.h"

double haversine_km(double lat1, double lon1, double lat2, double lon2) noexcept {
  constexpr double radians = std::numbers::pi / 180;
  const double sin_lat = std::sin((lat2 - lat1) * radians / 2);
  const double sin_lon = std::sin((lon2 - lon1) * radians / 2);
  const double h = sin_lat * sin_lat + std::cos(lat1 * radians) * std::cos(lat2 * radians) * sin_lon * sin_lon;
  return 2 * earth_radius_km * std::asin(std::sqrt(h > 1 ? 1 : h));
}
