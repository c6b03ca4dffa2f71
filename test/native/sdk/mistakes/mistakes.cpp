// Each line that says "wrong" must give exactly the one error that it names.

#include <udf/udf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace udf::literals;

double two(double a, double b);
double nothing();
double list(std::vector<double> values);
double pointer(const char* text);
double reference(double& value);
double twice_optional(std::optional<std::optional<double>> value);
void no_result(double value);
unsigned unsigned_result(double value);
std::vector<double> list_result(double value);

struct Unnamed {
  double x;
};
Unnamed unnamed(double value);

struct Sixteen {
  int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};
UDF_STRUCT(Sixteen, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)  // wrong: udf: a struct has at most 16 fields

struct WithList {
  std::vector<double> list;
};
UDF_STRUCT(WithList, list)  // wrong: udf: a field's type must be bool

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
  m.row<list>("list", "values"_a);                   // wrong: udf: an argument's type must be bool
  m.row<pointer>("pointer", "text"_a);               // wrong: udf: an argument's type must be bool
  m.row<reference>("reference", "value"_a);          // wrong: udf: an argument's type must be bool
  m.row<twice_optional>("optional", "value"_a);      // wrong: udf: an argument's type must be bool
  m.row<no_result>("no_result", "value"_a);          // wrong: udf: a result's type must be bool
  m.row<unsigned_result>("unsigned", "value"_a);     // wrong: udf: a result's type must be bool
  m.row<list_result>("list_result", "value"_a);      // wrong: udf: a result's type must be bool
  m.row<unnamed>("unnamed", "value"_a);              // wrong: udf: a result's type must be bool
  m.row<&Changing::change>("change", "value"_a);     // wrong: udf: the method must be const
  m.row<&Unmakeable::method>("method", "value"_a);   // wrong: udf: give the class a constructor
  m.row<&Plain::method>("a", "value"_a).config("x");  // wrong: udf: give the class a constructor that takes const udf::Config&
  m.row<two>("b", "a"_a, "b"_a).config("x");         // wrong: udf: only a method of a class is made from a config file
  m.row<7>("seven", "x"_a);                          // wrong: udf: register a function
  (void)captured;
}
