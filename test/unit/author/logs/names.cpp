#include "route.h"

std::optional<int> a();                              // <optional>
std::string b();                                     // <string>
uint64_t c();                                        // <cstdint>
std::uint32_t d();                                   // <cstdint>
int e() { return strlen("x"); }                      // <cstring>
double f(double x) { return std::sqrt(x); }          // <cmath>
std::vector<int> g;                                  // <vector>
void h(int* x) { std::sort(x, x + 2); }              // <algorithm>
double i = std::numbers::pi;                         // <numbers>
auto j = std::make_unique<int>(1);                   // <memory>
double k(double x) { return sqrt(x); }               // <cmath>
void l() { throw std::runtime_error("x"); }          // <stdexcept>
auto m = std::numeric_limits<double>::max();         // <limits>
own_type n;
int o() { return count + std::own; }
