#include <cstdint>
#include <string_view>

double mixed(double a, double b) noexcept { return a * 1.5 + b * b - 0.25; }

/// FNV-1a, 64 bits. Source: Fowler, Noll, Vo (IETF draft-eastlake-fnv).
std::int64_t fnv(std::string_view text) noexcept {
  std::uint64_t number = 0xcbf29ce484222325;
  for (const char letter : text) number = (number ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return static_cast<std::int64_t>(number);
}
