import { readFileSync } from "node:fs";
import path from "node:path";
import { type BuiltModule, builtModule } from "../support/built-module.ts";
import { projectRoot } from "../support/command-line.ts";

/** A module whose functions give back what they get, throw, crash, hang, and differ. */
export const source = `#include <udf/udf.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "kinds.h"

using namespace udf::literals;

double checked(double value) {
  if (value < 0) throw std::invalid_argument("it is negative");
  return value;
}

std::int32_t crash_at(std::int32_t value) {
  volatile std::int32_t* nowhere = nullptr;
  if (value == 7) return *nowhere;
  return value;
}

std::int32_t wait_at(std::int32_t value) {
  volatile bool always = value == 7;
  while (always) usleep(1000);
  return value;
}

/// Another result for each call.
std::int64_t count_calls(std::int64_t value) {
  static std::int64_t calls = 0;
  return value + ++calls;
}

double third(double value) noexcept { return value / 3; }

std::int32_t doubled(std::int32_t value) { return 2 * value; }

/// Crashes for a zero, and for the smallest number by -1.
std::int32_t divide(std::int32_t value, std::int32_t by) { return value / by; }

/// Its merge is right, and rounds otherwise than adding does.
class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  void merge(const Mean& other) {
    sum_ += other.sum_;
    count_ += other.count_;
  }
  double finish() const { return count_ == 0 ? 0 : sum_ / count_; }

 protected:
  double sum_ = 0;
  double count_ = 0;
};

/// Its merge forgets how many values there were.
class ForgetfulMean : public Mean {
 public:
  void add(double value) { Mean::add(value); }
  void merge(const ForgetfulMean& other) { sum_ += other.sum_; }
};

/// Its merge takes an object that has seen nothing for one that has seen a zero.
class Least {
 public:
  void add(double value) {
    least_ = seen_ ? std::min(least_, value) : value;
    seen_ = true;
  }
  void merge(const Least& other) { add(other.least_); }
  double finish() const { return least_; }

 private:
  double least_ = 0;
  bool seen_ = false;
};

/// Its merge crashes where the other object was itself merged.
class Fragile {
 public:
  void add(std::int32_t) {}
  void merge(const Fragile& other) {
    volatile std::int32_t* nowhere = nullptr;
    if (other.merged_) *nowhere = 1;
    merged_ = true;
  }
  std::int32_t finish() const { return 0; }

 private:
  bool merged_ = false;
};

UDF_MODULE(cases, m) {
  kinds::add(m);
  m.row<checked>("checked", "value"_a);
  m.row<crash_at>("crash_at", "value"_a);
  m.row<wait_at>("wait_at", "value"_a);
  m.row<count_calls>("count_calls", "value"_a);
  m.row<third>("third", "value"_a);
  m.row<divide>("divide", "value"_a, "by"_a);
  m.row<doubled>("doubled", "value"_a = 21);
  m.aggregate<Mean>("mean", "value"_a);
  m.aggregate<ForgetfulMean>("forgetful_mean", "value"_a);
  m.aggregate<Least>("least", "value"_a);
  m.aggregate<Fragile>("fragile", "value"_a);
}
`;

/** The line of the source that has the text, from 1. */
export function lineOf(text: string): number {
  return source.split("\n").findIndex((line) => line.includes(text)) + 1;
}

export async function casesModule(): Promise<BuiltModule> {
  const kinds = readFileSync(path.join(projectRoot, "test/native/sdk/types/kinds.h"), "utf8");
  return builtModule("cases", { "src/cases.cpp": source, "src/kinds.h": kinds });
}
