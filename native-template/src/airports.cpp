#include "airports.h"

#include <udf/csv.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "earth.h"

namespace {

/// A code of 1 to 7 letters and its length as one number, so that codes are compared and hashed at once; 0 for any
/// other text.
std::uint64_t packed(std::string_view code) {
  std::uint64_t number = 0;
  if (code.empty() || code.size() >= sizeof number) return 0;
  std::memcpy(&number, code.data(), code.size());
  return number | std::uint64_t{code.size()} << 56;
}

std::int32_t band_of(double km) { return km < 500 ? 0 : km < 1500 ? 1 : km < 3000 ? 2 : 3; }

}  // namespace

Airports::Airports(const udf::Config& config) {
  constexpr double radians = std::numbers::pi / 180;
  udf::Csv csv(config);
  const auto iata = csv.column("iata"), latitude = csv.column("latitude"), longitude = csv.column("longitude");
  std::vector<Airport> airports;
  while (csv.next()) {
    const std::uint64_t code = packed(csv.text(iata));
    if (code == 0) csv.fail(iata, "a code has 1 to 7 letters");
    const double lat = csv.number(latitude) * radians, lon = csv.number(longitude) * radians;
    airports.push_back({code, std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)});
  }
  slots_.resize(std::bit_ceil(2 * airports.size() + 1));
  for (const Airport& airport : airports) slots_[slot_of(airport.code)] = airport;
}

std::size_t Airports::slot_of(std::uint64_t code) const {
  constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;  // spreads neighbouring codes over the table
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = (code * golden_ratio >> 32) & mask;
  while (slots_[slot].code != code && slots_[slot].code != 0) slot = (slot + 1) & mask;
  return slot;
}

std::optional<Route> Airports::route(std::string_view origin, std::string_view destination) const {
  const Airport& from = slots_[slot_of(packed(origin))];
  const Airport& to = slots_[slot_of(packed(destination))];
  if (from.code == 0 || to.code == 0) return std::nullopt;
  const double x = from.x - to.x, y = from.y - to.y, z = from.z - to.z;
  const double half_chord = std::sqrt(x * x + y * y + z * z) / 2;
  const double km = 2 * earth_radius_km * std::asin(half_chord < 1 ? half_chord : 1);
  return Route{km, band_of(km)};
}
