import { type BuiltModule, builtModule } from "../support/built-module.ts";

const source = (version: number) => `#include <udf/udf.h>
using namespace udf::literals;

double build_of(double) {
  udf::log(udf::Level::info, "this is ${version}");
  return ${version};
}

class Shift {
 public:
  explicit Shift(const udf::Config& config) : shift_(std::stod(std::string(config.text()))) {}
  double shifted(double x) const { return x + shift_; }

 private:
  double shift_;
};

UDF_MODULE(renewed, m) {
  m.row<build_of>("build_of", "x"_a);
  m.row<&Shift::shifted>("shifted", "x"_a).config("shift.txt");
}
`;

/** A module with a config, whose function tells which of its versions this is. */
export function renewedModule(version: number): Promise<BuiltModule> {
  return builtModule("renewed", {
    "src/renewed.cpp": source(version),
    "native-udf.json": JSON.stringify({ name: "renewed", configs: ["shift.txt"] }),
    "shift.txt": "0.5\n",
  });
}
