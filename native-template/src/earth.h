#pragma once

/// Mean radius of the earth.
inline constexpr double earth_radius_km = 6371.0088;
