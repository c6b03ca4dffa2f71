#include "udf/row_error.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "throw_site.h"
#include "udf/text_output.h"

namespace udf::detail {
namespace {

/// `an object of type int`, for what is thrown without being a std::exception.
std::string thrown_type() {
  struct FreeName {
    void operator()(char* text) const { std::free(text); }
  };
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "something unknown";
  int status = 0;
  const std::unique_ptr<char, FreeName> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status));
  return std::string("an object of type ") + (name ? name.get() : type->name());
}

}  // namespace

void rethrow_as_row_error(std::int64_t row) {
  std::vector<std::uint64_t> frames = throw_site();
  try {
    throw;
  } catch (const std::exception& error) {
    throw RowError(row, error.what(), std::move(frames));
  } catch (const std::string& text) {
    throw RowError(row, text, std::move(frames));
  } catch (const char* text) {
    throw RowError(row, text == nullptr ? "" : text, std::move(frames));
  } catch (...) {
    throw RowError(row, "the function threw " + thrown_type(), std::move(frames));
  }
}

void TextOutput::too_long() {
  throw std::length_error("the texts of one batch are longer than 2 GiB; use smaller batches");
}

}  // namespace udf::detail
