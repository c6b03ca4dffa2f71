#pragma once

/// Great-circle distance in kilometres between two places, given in degrees.
double haversine_km(double lat1, double lon1, double lat2, double lon2) noexcept;
