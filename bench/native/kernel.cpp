// The SDK's kernels against loops by hand over the same arrays. Prints one JSON line for each comparison:
// {"case", "rows", "kernelNs", "handNs", "ratio"}, nanoseconds for a row, the best of many rounds. Build it with the
// flags of a module (native-template/udf/cmake/flags.cmake), in the project's folder:
//
// g++ -std=c++20 -O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -I native-template/udf/include
//     bench/native/kernel.cpp native-template/udf/src/row_error.cpp -o kernel

#include <udf/kernel.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numbers>
#include <random>
#include <vector>

namespace {

using udf::detail::Input;
using udf::detail::KernelOf;
using udf::detail::Output;
using udf::detail::TypeList;

constexpr std::int64_t rows = 64 * 1024;

double polynomial(double a, double b) noexcept { return a * 1.5 + b * b - 0.25; }
double polynomial_that_may_throw(double a, double b) { return a * 1.5 + b * b - 0.25; }

double haversine(double lat1, double lon1, double lat2, double lon2) noexcept {
  constexpr double radians = std::numbers::pi / 180;
  const double sin_lat = std::sin((lat2 - lat1) * radians / 2);
  const double sin_lon = std::sin((lon2 - lon1) * radians / 2);
  const double h = sin_lat * sin_lat + std::cos(lat1 * radians) * std::cos(lat2 * radians) * sin_lon * sin_lon;
  return 2 * 6371.0088 * std::asin(std::sqrt(h > 1 ? 1 : h));
}

/// The loop that somebody would write by hand, over the same arrays and masks.
template <auto function, class... Columns>
[[gnu::noinline]] void by_hand(double* __restrict out, const Columns* __restrict... columns) {
  for (std::int64_t row = 0; row < rows; ++row) out[row] = function(columns[row]...);
}
template <auto function, class... Columns>
[[gnu::noinline]] void by_hand_with_nulls(std::uint64_t* __restrict present, const std::uint64_t* __restrict first_mask,
                                          const std::uint64_t* __restrict second_mask, double* __restrict out,
                                          const Columns* __restrict... columns) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const bool valid = (first_mask[row / 64] & second_mask[row / 64]) >> (row % 64) & 1;
    out[row] = valid ? function(columns[row]...) : 0;
  }
  for (std::int64_t word = 0; word < rows / 64; ++word) present[word] = first_mask[word] & second_mask[word];
}

/// Runs both in turn, so that both meet the same moods of the machine; gives nanoseconds for a row.
template <class Kernel, class Hand>
void compare(const char* name, const Kernel& kernel, const Hand& hand) {
  const auto time = [](const auto& body) {
    const auto start = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    return spent.count() / static_cast<double>(rows);
  };
  double best_kernel = 1e9;
  double best_hand = 1e9;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(800);
  while (std::chrono::steady_clock::now() < end) {
    best_kernel = std::fmin(best_kernel, time(kernel));
    best_hand = std::fmin(best_hand, time(hand));
  }
  std::printf("{\"case\": \"%s\", \"rows\": %lld, \"kernelNs\": %.3f, \"handNs\": %.3f, \"ratio\": %.3f}\n", name,
              static_cast<long long>(rows), best_kernel, best_hand, best_kernel / best_hand);
}

struct Arrays {
  std::vector<std::vector<double>> columns;
  std::vector<std::vector<std::uint64_t>> masks;
  std::vector<double> out = std::vector<double>(rows);
  std::vector<std::uint64_t> present = std::vector<std::uint64_t>(rows / 64);

  explicit Arrays(std::size_t count) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> value(-60, 60);
    std::bernoulli_distribution null(0.1);
    for (std::size_t column = 0; column < count; ++column) {
      columns.emplace_back(rows);
      for (double& it : columns.back()) it = value(random);
      masks.emplace_back(rows / 64, ~std::uint64_t{0});
      for (std::int64_t row = 0; row < rows; ++row) {
        if (null(random)) masks.back()[static_cast<std::size_t>(row / 64)] &= ~(std::uint64_t{1} << (row % 64));
      }
    }
  }
};

template <auto function, class... A>
void run_kernel(Arrays& arrays, bool nulls) {
  std::vector<Input> inputs;
  for (std::size_t column = 0; column < arrays.columns.size(); ++column) {
    // as in a table, the first two columns have nulls
    const std::uint64_t* const mask = nulls && column < 2 ? arrays.masks[column].data() : nullptr;
    inputs.push_back({arrays.columns[column].data(), mask, nullptr, rows});
  }
  static const udf::detail::Type type(udf::detail::Kind::Double);
  Output output{};
  output.type = &type;
  output.validity = arrays.present.data();
  output.values = arrays.out.data();
  constexpr bool can_throw = udf::detail::Callable<std::remove_const_t<decltype(function)>>::can_throw;
  KernelOf<function, void, double, can_throw, TypeList<A...>>::run(nullptr, inputs.data(), output, rows, nullptr);
}

}  // namespace

int main() {
  Arrays two(2);
  Arrays four(4);
  const auto hand_two = [&] { by_hand<&polynomial>(two.out.data(), two.columns[0].data(), two.columns[1].data()); };
  compare("polynomial, dense", [&] { run_kernel<&polynomial, double, double>(two, false); }, hand_two);
  compare("polynomial that may throw, dense",
          [&] { run_kernel<&polynomial_that_may_throw, double, double>(two, false); }, hand_two);
  compare("polynomial, 10 % nulls", [&] { run_kernel<&polynomial, double, double>(two, true); },
          [&] {
            by_hand_with_nulls<&polynomial>(two.present.data(), two.masks[0].data(), two.masks[1].data(),
                                            two.out.data(), two.columns[0].data(), two.columns[1].data());
          });
  compare("haversine, dense", [&] { run_kernel<&haversine, double, double, double, double>(four, false); },
          [&] {
            by_hand<&haversine>(four.out.data(), four.columns[0].data(), four.columns[1].data(),
                                four.columns[2].data(), four.columns[3].data());
          });
  compare("haversine, 10 % nulls", [&] { run_kernel<&haversine, double, double, double, double>(four, true); },
          [&] {
            by_hand_with_nulls<&haversine>(four.present.data(), four.masks[0].data(), four.masks[1].data(),
                                           four.out.data(), four.columns[0].data(), four.columns[1].data(),
                                           four.columns[2].data(), four.columns[3].data());
          });
  return 0;
}
