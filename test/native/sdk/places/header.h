#pragma once

#include <stdexcept>

inline double refuse_seven(double x) {
  if (x == 7) throw std::runtime_error("seven");  // in_header 1
  return x;
}
