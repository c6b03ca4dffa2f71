// Each line that says "wrong" must give exactly the one error that it names.

#include <udf/udf.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

using namespace udf::literals;

double two(double a, double b);
double nothing();
double list(std::span<double> values);
double pointer(const char* text);
double reference(double& value);
double twice_optional(std::optional<std::optional<double>> value);
double pair(std::pair<double, double> value);
double map(void* value);
double moment(std::chrono::system_clock::time_point value);
double wide(long double value);
double with_scale(double value, double scale, double shift);
void no_result(double value);
const char* pointer_result(double value);
wchar_t character_result(double value);
std::vector<std::vector<long double>> list_result(double value);
std::chrono::steady_clock::time_point time_result(double value);
udf::Result<double> can_fail(double value);

struct Unnamed {
  double x;
};
Unnamed unnamed(double value);
double unnamed_argument(std::span<const Unnamed> values);

struct Sixteen {
  int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};
UDF_STRUCT(Sixteen, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)  // wrong: udf: a struct has at most 16 fields

struct WithMap {
  std::vector<long double> list;
};
UDF_STRUCT(WithMap, list)  // wrong: udf: a field's type is none that a column holds

struct NeedsValue {
  explicit NeedsValue(double given) : value(given) {}
  double value;
};
UDF_STRUCT(NeedsValue, value)
double needs_value(const NeedsValue& value);

udf::Decimal<18, 2> price(udf::Decimal<18, 2> value);

struct Changing {
  double change(double value);
};
struct Unmakeable {
  explicit Unmakeable(int);
  double method(double value) const;
};
struct Plain {
  double method(double value) const;
};

UDF_MODULE(mistakes, m) {
  int captured = 0;
  m.row<two>("two", "a"_a);                          // wrong: udf: name every argument, in order
  m.row<two>("two", "a"_a, "b"_a, "c"_a);            // wrong: udf: name every argument, in order
  m.row<two>("two", "a", "b");                       // wrong: udf: name every argument, in order
  m.row<nothing>("nothing");                         // wrong: udf: a row function takes at least one argument
  m.row<list>("list", "values"_a);                   // wrong: udf: take a list as std::span<const T>
  m.row<pointer>("pointer", "text"_a);               // wrong: udf: take text as std::string_view
  m.row<reference>("reference", "value"_a);          // wrong: udf: an argument is only read; take it by value
  m.row<twice_optional>("optional", "value"_a);      // wrong: udf: an argument's type must be bool
  m.row<pair>("pair", "value"_a);                    // wrong: udf: an argument's type must be bool
  m.row<map>("map", "value"_a);                      // wrong: udf: an argument's type must be bool
  m.row<wide>("wide", "value"_a);                    // wrong: udf: an argument's type must be bool
  m.row<moment>("moment", "value"_a);                // wrong: udf: take a date as std::chrono::sys_days
  m.row<unnamed_argument>("unnamed2", "values"_a);   // wrong: udf: write UDF_STRUCT(Struct, field) beside the struct of an argument
  m.row<needs_value>("needs_value", "value"_a);      // wrong: udf: a struct that is an argument needs a constructor without
  m.row<no_result>("no_result", "value"_a);          // wrong: udf: a row function gives a result, and this one gives void
  m.row<pointer_result>("pointer_result", "v"_a);    // wrong: udf: give text as std::string
  m.row<character_result>("character", "value"_a);   // wrong: udf: a result's type must be bool
  m.row<list_result>("list_result", "value"_a);      // wrong: udf: a result's type must be bool
  m.row<time_result>("time_result", "value"_a);      // wrong: udf: give a date as std::chrono::sys_days
  m.row<unnamed>("unnamed", "value"_a);              // wrong: udf: write UDF_STRUCT(Struct, field) beside the struct of a result
  m.row<with_scale>("s1", "v"_a, "s"_a = 1.0, "t"_a);        // wrong: udf: only the last arguments may have defaults
  m.row<with_scale>("s2", "v"_a, "s"_a = 1.0, "t"_a = "1");  // wrong: udf: a default must fit its argument
  m.row<with_scale>("s3", "v"_a, "s"_a, "t"_a = std::nullopt);  // wrong: udf: a default must fit its argument
  m.row<price>("price", "value"_a = 1);              // wrong: udf: a default must fit its argument
  m.row<can_fail>("can_fail", "value"_a).cannot_fail();  // wrong: udf: a function that gives a udf::Result can fail
  m.row<&Changing::change>("change", "value"_a);     // wrong: udf: the method must be const
  m.row<&Unmakeable::method>("method", "value"_a);   // wrong: udf: give the class a constructor
  m.row<&Plain::method>("a", "value"_a).config("x");  // wrong: udf: give the class a constructor that takes const udf::Config&
  m.row<two>("b", "a"_a, "b"_a).config("x");         // wrong: udf: only a method of a class is made from a config file
  m.row<7>("seven", "x"_a);                          // wrong: udf: register a function
  (void)captured;
}
