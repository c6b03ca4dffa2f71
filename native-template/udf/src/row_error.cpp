#include "udf/row_error.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "frames.h"
#include "throw_site.h"
#include "udf/result.h"
#include "udf/text_output.h"

udf::Error::Error(std::string message) : message_(std::move(message)), address_(0) {
  detail::Frames here;
  // a return address may be the next line's
  here.add(reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) - 1);
  if (!here.empty()) address_ = *here.begin();
}

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
  } catch (const Error& error) {
    frames.clear();
    if (error.address() != 0) frames.push_back(error.address());
    throw RowError(row, error.message(), std::move(frames));
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
