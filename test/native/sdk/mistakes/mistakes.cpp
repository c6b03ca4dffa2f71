// Each line that says "wrong" must give exactly the one error that it names.

#include <udf/udf.h>

#include <chrono>
#include <cstdint>
#include <mutex>
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

double whole(double x);
void no_rows(double x);
std::vector<double> batch_of_rows(double x);
double one_for_all(std::span<const double> x);
std::vector<double> dates(std::span<const std::chrono::sys_days> day);
void no_target(std::span<const double> x);
void text_target(std::span<const double> x, std::span<std::string> out);
std::vector<std::mutex*> pointers(std::span<const double> x);
std::vector<double> pointer_column(udf::Column<const char*> text);
std::vector<double> doubled(std::span<const double> x);

struct NoMerge {
  void add(double x);
  double finish() const;
};
struct NoFinish {
  void add(double x);
  void merge(const NoFinish& other);
};
struct ChangingFinish {
  void add(double x);
  void merge(const ChangingFinish& other);
  double finish();
};
struct NoAdd {
  void merge(const NoAdd& other);
  double finish() const;
};
struct TwoAdds {
  void add(double x);
  void add(std::string_view x);
  void merge(const TwoAdds& other);
  double finish() const;
};
struct GivingAdd {
  bool add(double x);
  void merge(const GivingAdd& other);
  double finish() const;
};
struct AddsPointer {
  void add(const char* text);
  void merge(const AddsPointer& other);
  double finish() const;
};
struct FinishesPointer {
  void add(double x);
  void merge(const FinishesPointer& other);
  const char* finish() const;
};
struct FromNumber {
  explicit FromNumber(int);
  void add(double x);
  void merge(const FromNumber& other);
  double finish() const;
};
struct Sum {
  void add(double x);
  void merge(const Sum& other);
  double finish() const;
};

UDF_MODULE(mistakes, m) {
  int captured = 0;
  m.row<two>("two", "a"_a);                          // wrong: udf: name every argument, in order
  m.row<two>("two", "a"_a, "b"_a, "c"_a);            // wrong: udf: name every argument, in order
  m.row<two>("two", "a", "b");                       // wrong: udf: name every argument, in order
  m.row<nothing>("nothing");                         // wrong: udf: a function takes at least one argument
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
  m.row<no_result>("no_result", "value"_a);          // wrong: udf: a function gives a result, and this one gives void
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
  m.table<whole>("whole", "x"_a);                    // wrong: udf: a table function gives a std::vector<T>, a row for each element
  m.table<no_rows>("no_rows", "x"_a);                // wrong: udf: a function gives a result, and this one gives void
  m.batch<batch_of_rows>("b1", "x"_a);               // wrong: udf: a batch function takes columns
  m.batch<dates>("b2", "day"_a);                     // wrong: udf: a batch function takes columns
  m.batch<pointer_column>("b3", "text"_a);           // wrong: udf: a batch function takes columns
  m.batch<one_for_all>("b4", "x"_a);                 // wrong: udf: a batch function gives a std::vector<T> with a result for each row
  m.batch<no_target>("b5", "x"_a);                   // wrong: udf: a batch function gives a std::vector<T> with a result for each row
  m.batch<text_target>("b6", "x"_a);                 // wrong: udf: a batch function
  m.batch<pointers>("b7", "x"_a);                    // wrong: udf: a result's type must be bool
  m.batch<doubled>("b8");                            // wrong: udf: name every argument, in order
  m.batch<doubled>("b9", "x"_a).cannot_fail();       // wrong: udf: cannot_fail() is for functions of one row
  m.aggregate<NoMerge>("a1", "x"_a);                 // wrong: udf: an aggregate needs a method merge(const Class& other)
  m.aggregate<NoFinish>("a2", "x"_a);                // wrong: udf: an aggregate needs a method finish() const
  m.aggregate<ChangingFinish>("a3", "x"_a);          // wrong: udf: an aggregate needs a method finish() const
  m.aggregate<NoAdd>("a4", "x"_a);                   // wrong: udf: an aggregate needs one method void add(values)
  m.aggregate<TwoAdds>("a5", "x"_a);                 // wrong: udf: an aggregate needs one method void add(values)
  m.aggregate<GivingAdd>("a6", "x"_a);               // wrong: udf: an aggregate needs one method void add(values)
  m.aggregate<AddsPointer>("a7", "text"_a);          // wrong: udf: take text as std::string_view
  m.aggregate<FinishesPointer>("a8", "x"_a);         // wrong: udf: give text as std::string
  m.aggregate<FromNumber>("a9", "x"_a);              // wrong: udf: an aggregate's class needs a constructor without arguments
  m.aggregate<Sum>("a10", "x"_a, "y"_a);             // wrong: udf: name every argument, in order
  m.aggregate<Sum>("a11", "x"_a = 1.0);              // wrong: udf: an argument of an aggregate has no default
  (void)captured;
}
