// A function of each kind, and what each may take and give.

#include <udf/udf.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace udf::literals;

void scaled(std::span<const double> x, udf::Column<double> by, std::span<double> out) {
  for (std::size_t row = 0; row < x.size(); ++row) out[row] = x[row] * by[row];
}

/// How many rows the function is given at a time: what a row-wise function may not show.
std::vector<std::int64_t> rows_seen(std::span<const double> x) {
  return std::vector<std::int64_t>(x.size(), static_cast<std::int64_t>(x.size()));
}

std::vector<std::optional<std::string>> greeting(udf::Column<std::optional<std::string_view>> name) {
  std::vector<std::optional<std::string>> greetings;
  for (const auto& each : name) {
    if (!each) {
      greetings.push_back("who?");
    } else if (each->empty()) {
      greetings.push_back(std::nullopt);
    } else {
      greetings.push_back("hello " + std::string(*each));
    }
  }
  return greetings;
}

std::vector<bool> positive(std::span<const std::int32_t> x) {
  std::vector<bool> results;
  for (const std::int32_t value : x) results.push_back(value > 0);
  return results;
}

std::vector<double> lengths(udf::Column<std::span<const double>> vectors) {
  std::vector<double> results;
  for (const auto vector : vectors) {
    results.push_back(std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0)));
  }
  return results;
}

std::vector<double> too_few(std::span<const double> x) { return std::vector<double>(x.size() / 2); }

std::vector<double> refuse(std::span<const double> x) {
  std::vector<double> results(x.begin(), x.end());
  for (const double value : x) {
    if (value < 0) throw std::invalid_argument("below zero");
  }
  return results;
}

class Offset {
 public:
  explicit Offset(const udf::Config& config) : offset_(std::stod(std::string(config.text()))) {}
  std::vector<double> add(std::span<const double> x) const {
    std::vector<double> results(x.begin(), x.end());
    for (double& result : results) result += offset_;
    return results;
  }

 private:
  double offset_;
};

class Mean {
 public:
  void add(double x) {
    sum_ += x;
    ++count_;
  }
  void merge(const Mean& other) {
    sum_ += other.sum_;
    count_ += other.count_;
  }
  std::optional<double> finish() const {
    if (count_ == 0) return std::nullopt;
    return sum_ / static_cast<double>(count_);
  }

 private:
  double sum_ = 0;
  std::int64_t count_ = 0;
};

struct Extremes {
  std::string shortest;
  std::string longest;
  std::int64_t unknown;
};
UDF_STRUCT(Extremes, shortest, longest, unknown)

class Texts {
 public:
  void add(std::string_view text, std::optional<bool> known) {
    if (first_ || text.size() < extremes_.shortest.size()) extremes_.shortest = text;
    if (first_ || text.size() > extremes_.longest.size()) extremes_.longest = text;
    if (!known) ++extremes_.unknown;
    first_ = false;
  }
  void merge(const Texts& other) {
    if (other.first_) return;
    add(other.extremes_.shortest, true);
    add(other.extremes_.longest, true);
    extremes_.unknown += other.extremes_.unknown;
  }
  Extremes finish() const { return extremes_; }

 private:
  bool first_ = true;
  Extremes extremes_{};
};

class Refusing {
 public:
  void add(std::int64_t value) {
    if (value == 1500) throw std::invalid_argument("1500 brings bad luck");
  }
  void merge(const Refusing&) {}
  std::int64_t finish() const { return 0; }
};

/// How many objects were merged to compute a group.
class Merges {
 public:
  void add(std::optional<bool>) {}
  void merge(const Merges& other) { merges_ += other.merges_ + 1; }
  std::int64_t finish() const { return merges_; }

 private:
  std::int64_t merges_ = 0;
};

/// The values in the order that they come in, which parts must keep.
class Joined {
 public:
  void add(std::int64_t value) { text_ += std::to_string(value) + ";"; }
  void merge(const Joined& other) { text_ += other.text_; }
  std::string finish() const { return text_; }

 private:
  std::string text_;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) found.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

struct Step {
  std::int64_t number;
  double value;
};
UDF_STRUCT(Step, number, value)

std::vector<Step> halvings(double value) {
  std::vector<Step> steps;
  for (std::int64_t number = 1; value >= 1 && std::isfinite(value); ++number, value /= 2) steps.push_back({number, value});
  return steps;
}

/// Logs at every thousandth value, at each level in turn.
std::int64_t say(std::int64_t value) {
  constexpr udf::Level levels[] = {udf::Level::debug, udf::Level::info, udf::Level::warning, udf::Level::error};
  if (value % 1000 == 0) udf::log(levels[value / 1000 % 4], "at " + std::to_string(value) + "\nand on");
  return value;
}

UDF_MODULE(function_kinds, m) {
  m.batch<scaled>("scaled", "x"_a, "by"_a = 3.0).doc("x times by.");
  m.batch<rows_seen>("rows_seen", "x"_a);
  m.batch<greeting>("greeting", "name"_a);
  m.batch<positive>("positive", "x"_a);
  m.batch<lengths>("lengths", "vectors"_a);
  m.batch<too_few>("too_few", "x"_a);
  m.batch<refuse>("refuse", "x"_a);
  m.batch<&Offset::add>("shifted", "x"_a).config("offset.txt");
  m.aggregate<Mean>("mean_of", "x"_a).doc("The arithmetic mean.");
  m.aggregate<Texts>("extremes", "text"_a, "known"_a);
  m.aggregate<Refusing>("refusing", "value"_a);
  m.aggregate<Merges>("merges", "value"_a).not_deterministic();
  m.aggregate<Joined>("joined", "value"_a);
  m.table<words>("words", "text"_a).doc("The words of a text.");
  m.table<halvings>("halvings", "value"_a);
  m.row<say>("say", "value"_a);
}
