// Functions that fail at the rows that their arguments name: those whose number leaves a rest of 7.
// A function that crashes must not be known to: hence the volatiles.

#include <udf/udf.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

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

/// One number crashes, another one does not come back, a third one is refused.
double fails_in_turn(std::int64_t number) {
  volatile bool on = number == 1009;
  while (on) {
  }
  if (number == 3011) throw std::runtime_error("no");
  return number == 7 ? *nowhere : static_cast<double>(number) / 2;
}

std::string greets(std::string_view name, std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) throw std::runtime_error("no greeting for " + std::string(name));
  return "hello " + std::string(name);
}

std::vector<double> batch_throws(std::span<const std::int64_t> number, udf::Column<std::int64_t> every) {
  std::vector<double> halves;
  for (std::size_t row = 0; row < number.size(); ++row) {
    if (is_bad(number[row], every[row])) throw std::runtime_error("the number " + std::to_string(number[row]));  // batch_throws
    halves.push_back(static_cast<double>(number[row]) / 2);
  }
  return halves;
}

std::vector<double> batch_crashes(std::span<const std::int64_t> number, udf::Column<std::int64_t> every) {
  std::vector<double> halves;
  for (std::size_t row = 0; row < number.size(); ++row) {
    halves.push_back(is_bad(number[row], every[row]) ? *nowhere : static_cast<double>(number[row]) / 2);  // batch_crashes
  }
  return halves;
}

/// Takes each bad number, but not two of them at once.
std::vector<double> batch_refuses_two(std::span<const std::int64_t> number, udf::Column<std::int64_t> every) {
  std::vector<double> halves;
  int bad = 0;
  for (std::size_t row = 0; row < number.size(); ++row) {
    bad += is_bad(number[row], every[row]);
    halves.push_back(static_cast<double>(number[row]) / 2);
  }
  if (bad > 1) throw std::runtime_error("two at once");
  return halves;
}

std::vector<double> table_throws(std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) throw std::runtime_error("the number " + std::to_string(number));  // table_throws
  return {static_cast<double>(number) / 2, static_cast<double>(number) * 2};
}

std::vector<double> table_crashes(std::int64_t number, std::int64_t every) {
  if (is_bad(number, every)) return {*nowhere};  // table_crashes
  return {static_cast<double>(number) / 2, static_cast<double>(number) * 2};
}

/// What an aggregate does with a bad number.
enum class Mishap { throws, crashes, spins };

template <Mishap mishap>
class Total {
 public:
  void add(std::int64_t number, std::int64_t every) {
    const bool bad = is_bad(number, every);
    if constexpr (mishap == Mishap::throws) {
      if (bad) throw std::runtime_error("the number " + std::to_string(number));  // total_throws
    } else if constexpr (mishap == Mishap::crashes) {
      if (bad) sum_ += *nowhere;  // total_crashes
    } else {
      volatile bool on = bad;
      while (on) {  // total_spins
      }
    }
    sum_ += static_cast<double>(number);
  }
  void merge(const Total& other) { sum_ += other.sum_; }
  double finish() const { return sum_; }

 private:
  double sum_ = 0;
};

UDF_MODULE(failing, m) {
  m.row<throws>("throws", "number"_a, "every"_a);
  m.row<crashes>("crashes", "number"_a, "every"_a);
  m.row<aborts>("aborts", "number"_a, "every"_a);
  m.row<smashes>("smashes", "number"_a, "every"_a);
  m.row<exits>("exits", "number"_a, "every"_a);
  m.row<spins>("spins", "number"_a, "every"_a);
  m.row<fails_in_turn>("fails_in_turn", "number"_a);
  m.row<greets>("greets", "name"_a, "number"_a, "every"_a);
  m.batch<batch_throws>("batch_throws", "number"_a, "every"_a);
  m.batch<batch_crashes>("batch_crashes", "number"_a, "every"_a);
  m.batch<batch_refuses_two>("batch_refuses_two", "number"_a, "every"_a);
  m.table<table_throws>("table_throws", "number"_a, "every"_a);
  m.table<table_crashes>("table_crashes", "number"_a, "every"_a);
  m.aggregate<Total<Mishap::throws>>("total_throws", "number"_a, "every"_a);
  m.aggregate<Total<Mishap::crashes>>("total_crashes", "number"_a, "every"_a);
  m.aggregate<Total<Mishap::spins>>("total_spins", "number"_a, "every"_a);
}
