#pragma once

#include <udf/udf.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

struct Route {
  double km;
  /// 0 under 500 km, 1 under 1500, 2 under 3000, then 3.
  std::int32_t band;
};
UDF_STRUCT(Route, km, band)

/// Where the airports are; made once in each process from the columns iata, latitude and longitude of airports.csv.
class Airports {
 public:
  explicit Airports(const udf::Config& config);

  /// The way between two airports, given by their codes; null when one of them is unknown.
  std::optional<Route> route(std::string_view origin, std::string_view destination) const;

 private:
  /// A place as a point on a sphere of radius 1. Points make a distance one asin, where degrees take five functions.
  struct Airport {
    std::uint64_t code;
    double x, y, z;
  };

  /// The slot that holds the code, or else the free one that it would go into.
  std::size_t slot_of(std::uint64_t code) const;

  /// A hash table with open addressing, at most half full; a code of 0 marks a free slot.
  std::vector<Airport> slots_;
};
