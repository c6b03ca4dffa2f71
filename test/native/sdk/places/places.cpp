// Functions that fail where x is 7. A comment `// name 1` marks the line at which the function `name` fails, and
// `// name 2`, `// name 3` … the calls that led there. A function that crashes must not be known to: hence the volatiles.

#include <sys/mman.h>
#include <udf/udf.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "header.h"

using namespace udf::literals;

namespace {

double* volatile nowhere = nullptr;
const char* volatile no_text = nullptr;
volatile int zero = 0;
double (*volatile nobody)(double) = nullptr;

double deepest(double x) {
  if (x == 7) throw std::runtime_error("seven");  // deep 1
  return x;
}

double deeper(double x) {
  return deepest(x) + 1;  // deep 2
}

[[gnu::noinline]] double innermost(double x) {
  if (x == 7) throw std::runtime_error("seven");  // separate 1
  return x;
}

[[gnu::noinline]] double inner(double x) {
  return innermost(x) + 1;  // separate 2
}

}  // namespace

double thrown(double x) {
  if (x == 7) throw std::runtime_error("seven");  // thrown 1
  return x;
}

std::optional<double> thrown_number(double x) {
  if (x == 7) throw 7;  // thrown_number 1
  return x;
}

double deep(double x) {
  return deeper(x) * 2;  // deep 3
}

double separate(double x) {
  return inner(x) * 2;  // separate 3
}

double in_header(double x) {
  return refuse_seven(x) * 2;  // in_header 2
}

double at(double x) {
  const std::vector<double> values(7);
  return values.at(static_cast<std::size_t>(x));  // at 1
}

double parsed(double x) {
  const std::string text = x == 7 ? "seven" : "7";
  return std::stoi(text);  // parsed 1
}

std::string in_text(double x) {
  std::string text = std::to_string(x);
  return x == 7 ? text.substr(1000) : text;  // in_text 1
}

double caught(double x) {
  try {
    return innermost(x);
  } catch (const std::runtime_error&) {
    throw std::logic_error("another");  // caught 1
  }
}

double rethrown(double x) {
  try {
    if (x == 7) throw std::runtime_error("seven");  // rethrown 1
    return x;
  } catch (const std::runtime_error&) {
    try {
      throw std::logic_error("nobody sees it");
    } catch (const std::logic_error&) {
    }
    throw;
  }
}

double handled(double x) {
  try {
    return innermost(x);
  } catch (const std::runtime_error&) {
    return 0;
  }
}

double null_pointer(double x) {
  return x == 7 ? *nowhere : x;  // null_pointer 1
}

double null_text(double x) {
  return x == 7 ? static_cast<double>(std::strlen(no_text)) : x;  // null_text 1
}

double null_function(double x) {
  return x == 7 ? nobody(x) + 1 : x;  // null_function 1
}

double divided(double x) {
  return x == 7 ? 7 / zero : x;  // divided 1
}

double aborted(double x) {
  if (x == 7) std::abort();  // aborted 1
  return x;
}

double exited(double x) {
  if (x == 7) std::exit(0);  // exited 1
  return x;
}

double exited_in_thread(double x) {
  if (x == 7) {
    std::thread([] {
      std::exit(4);  // exited_in_thread 1
    }).join();
  }
  return x;
}

double promised(double x) noexcept {
  if (x == 7) innermost(x);  // promised 2
  return x;
}

double trapped(double x) {
  if (x == 7) __builtin_trap();  // trapped 1
  return x;
}

/// The page is one of a file that is empty.
double unbacked(double x) {
  static void* const page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, fileno(std::tmpfile()), 0);
  if (x == 7) x += *static_cast<volatile double*>(page);  // unbacked 1
  return x;
}

double endless(double x) { volatile double kept[64] = {x}; return x < 7 ? x : endless(x + 1) + kept[0]; }  // endless 1

/// Its constructor crashes where the environment says so.
class Fragile {
 public:
  Fragile() : offset_(std::getenv("UDF_TEST_FRAGILE") == nullptr ? 0 : *nowhere) {}  // fragile 1
  double fragile(double x) const { return x + offset_; }

 private:
  double offset_;
};

UDF_MODULE(places, m) {
  m.row<thrown>("thrown", "x"_a);
  m.row<thrown_number>("thrown_number", "x"_a);
  m.row<deep>("deep", "x"_a);
  m.row<separate>("separate", "x"_a);
  m.row<in_header>("in_header", "x"_a);
  m.row<at>("at", "x"_a);
  m.row<parsed>("parsed", "x"_a);
  m.row<in_text>("in_text", "x"_a);
  m.row<caught>("caught", "x"_a);
  m.row<rethrown>("rethrown", "x"_a);
  m.row<handled>("handled", "x"_a);
  m.row<null_pointer>("null_pointer", "x"_a);
  m.row<null_text>("null_text", "x"_a);
  m.row<null_function>("null_function", "x"_a);
  m.row<divided>("divided", "x"_a);
  m.row<aborted>("aborted", "x"_a);
  m.row<exited>("exited", "x"_a);
  m.row<exited_in_thread>("exited_in_thread", "x"_a);
  m.row<promised>("promised", "x"_a);
  m.row<trapped>("trapped", "x"_a);
  m.row<unbacked>("unbacked", "x"_a);
  m.row<endless>("endless", "x"_a);
  m.row<&Fragile::fragile>("fragile", "x"_a);
}
