#include <udf/udf.h>

#include <string>
#include <string_view>

using namespace udf::literals;

double fahrenheit(double celsius) noexcept { return celsius * 9 / 5 + 32; }

/// The first letters of up to three words, such as NYC for "new york city".
std::string initials(std::string_view words) {
  std::string letters;
  char previous = ' ';
  for (const char letter : words) {
    if (previous == ' ' && letter != ' ' && letters.size() < 3) {
      letters += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    previous = letter;
  }
  return letters;
}

UDF_MODULE(flight_features, m) {
  m.row<fahrenheit>("fahrenheit", "celsius"_a).doc("Degrees Celsius as degrees Fahrenheit.");
  m.row<initials>("initials", "words"_a).doc("The first letters of up to three words, in capitals.");
}
