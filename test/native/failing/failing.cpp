// Functions that fail at the rows that their arguments name: those whose number leaves a rest of 7.
// A function that crashes must not be known to: hence the volatiles.

#include <udf/udf.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace udf::literals;

namespace {

double* volatile nowhere = nullptr;
volatile std::ptrdiff_t before = 8;

bool is_bad(std::int64_t number, std::int64_t every) { return every > 0 && number % every == 7 % every; }

}  // namespace

double throws(std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) throw std::runtime_error("the number " + std::to_string(number));  // throws
  return static_cast<double>(number) / 2;
}

double crashes(std::int64_t number, std::int64_t every) {
  return is_bad(number, every) ? *nowhere : static_cast<double>(number) / 2;  // crashes
}

double aborts(std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) std::abort();  // aborts
  return static_cast<double>(number) / 2;
}

/// glibc sees at once that the block that is freed has no size that it gives out.
double smashes(std::int64_t number, std::int64_t every) {
  auto* const bytes = new char[64];
  std::memset(bytes, 'x', 64);
  if (is_bad(number, every)) std::memset(bytes - before, 'x', 8);
  const double first = bytes[0];
  delete[] bytes;  // smashes
  return first;
}

double exits(std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) std::exit(3);  // exits
  return static_cast<double>(number) / 2;
}

double spins(std::int64_t number, std::int64_t every) {
  volatile bool on = is_bad(number, every);
  while (on) {  // spins
  }
  return static_cast<double>(number) / 2;
}

std::string greets(std::string_view name, std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) throw std::runtime_error("no greeting for " + std::string(name));
  return "hello " + std::string(name);
}

UDF_MODULE(failing, m) {
  m.row<throws>("throws", "number"_a, "every"_a);
  m.row<crashes>("crashes", "number"_a, "every"_a);
  m.row<aborts>("aborts", "number"_a, "every"_a);
  m.row<smashes>("smashes", "number"_a, "every"_a);
  m.row<exits>("exits", "number"_a, "every"_a);
  m.row<spins>("spins", "number"_a, "every"_a);
  m.row<greets>("greets", "name"_a, "number"_a, "every"_a);
}
