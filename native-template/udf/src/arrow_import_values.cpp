// Texts, bytes, dates, timestamps and decimals out of Arrow arrays.

#include <type_traits>

#include "arrow_import.h"
#include "layouts.h"

namespace udf::detail {
namespace {

constexpr std::string_view bad_texts = " has offsets that fall or lie outside of its data";

}  // namespace

void ArrowReader::read_texts(const ArrowRows& from, TextForm form, Input& input) const {
  const std::string_view format = from.format();
  if (format.starts_with('v')) {
    input.values = text_views(from, input.validity);
  } else if (format.starts_with("w:")) {
    input.values = fixed_bytes(from, format.substr(2));
  } else if (format == "U" || format == "Z") {
    read_texts_at_offsets<std::int64_t>(from, TextForm::Views, input);
  } else {
    read_texts_at_offsets<std::int32_t>(from, form, input);
  }
}

template <class Offset>
void ArrowReader::read_texts_at_offsets(const ArrowRows& from, TextForm form, Input& input) const {
  if (from.rows == 0) {
    input.values = arena_.make<std::string_view>(1);
    return;
  }
  const auto* const offsets = buffer<Offset>(from, 1, from.rows + 1);
  const auto* const data = static_cast<const char*>(from.array.buffers[2]);
  // the last offset of the whole array is all that says how long the data is; without data every text must be empty
  Offset size = 0;
  const std::int64_t last = from.array.offset + from.array.length;
  if (data != nullptr) {
    std::memcpy(&size, static_cast<const char*>(from.array.buffers[1]) + last * std::int64_t{sizeof size}, sizeof size);
  }
  if (size < 0 || !offsets_are_good(offsets, from.rows, size)) refuse({bad_texts});
  if constexpr (std::is_same_v<Offset, std::int32_t>) {
    if (form == TextForm::Offsets) {
      input.values = data;
      input.offsets = offsets;
      return;
    }
  }
  input.values = views_of(offsets, data, from.rows, arena_);
}

/// Each row has 16 bytes: a length, then up to 12 bytes of text, or 4 bytes of it, the number of a buffer, and where the
/// text begins in it; the last buffer has the sizes of those before it.
const void* ArrowReader::text_views(const ArrowRows& from, const std::uint64_t* validity) const {
  struct View {
    std::int32_t length;
    std::int32_t prefix;
    std::int32_t buffer;
    std::int32_t offset;
  };
  auto* const texts = arena_.make<std::string_view>(static_cast<std::size_t>(from.rows));
  const View* const views = buffer<View>(from, 1, from.rows);
  const std::int64_t buffers = from.array.n_buffers - 3;
  const auto* const sizes = static_cast<const std::int64_t*>(from.array.buffers[from.array.n_buffers - 1]);
  if (buffers > 0 && sizes == nullptr) refuse({" has no sizes of its buffers"});
  for (std::int64_t row = 0; row < from.rows; ++row) {
    if (!is_valid(validity, row)) continue;
    const View& view = views[row];
    if (view.length < 0) refuse({bad_texts});
    const auto length = static_cast<std::size_t>(view.length);
    if (view.length <= 12) {
      texts[row] = {reinterpret_cast<const char*>(&view.prefix), length};
      continue;
    }
    if (view.buffer < 0 || view.buffer >= buffers || view.offset < 0) refuse({bad_texts});
    std::int64_t size = 0;
    std::memcpy(&size, sizes + view.buffer, sizeof size);
    const auto* const data = static_cast<const char*>(from.array.buffers[2 + view.buffer]);
    if (data == nullptr || std::int64_t{view.offset} + view.length > size) refuse({bad_texts});
    texts[row] = {data + view.offset, length};
  }
  return texts;
}

const void* ArrowReader::fixed_bytes(const ArrowRows& from, std::string_view width) const {
  const std::int64_t bytes = number_in_format(width);
  if (bytes < 0) refuse({" has the format ", from.format(), ", which says no width"});
  const auto* const data = static_cast<const char*>(from.array.buffers[1]);
  if (data == nullptr && from.rows > 0 && bytes > 0) refuse({" has no buffer of values"});
  if (bytes > 0 && from.first + from.rows > most_rows / bytes) refuse({too_large});
  auto* const texts = arena_.make<std::string_view>(static_cast<std::size_t>(from.rows));
  for (std::int64_t row = 0; row < from.rows; ++row) {
    texts[row] = {bytes == 0 ? "" : data + (from.first + row) * bytes, static_cast<std::size_t>(bytes)};
  }
  return texts;
}

const void* ArrowReader::dates(const ArrowRows& from, const std::uint64_t* validity) const {
  if (from.format() == "tdD") return values(from, sizeof(std::int32_t));
  constexpr std::int64_t day = 86'400'000;
  auto* const days = arena_.make<std::int32_t>(static_cast<std::size_t>(from.rows));
  const auto* const milliseconds = buffer<std::int64_t>(from, 1, from.rows);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    if (!is_valid(validity, row)) continue;
    const std::int64_t whole = milliseconds[row] / day;
    days[row] = static_cast<std::int32_t>(whole);
    if (whole * day != milliseconds[row] || days[row] != whole) refuse_row(row, "is no whole day");
  }
  return days;
}

const void* ArrowReader::timestamps(const ArrowRows& from, const std::uint64_t* validity) const {
  const char unit = from.format()[2];
  const auto* const given = buffer<std::int64_t>(from, 1, from.rows);
  if (unit == 'u') return given;
  auto* const microseconds = arena_.make<std::int64_t>(static_cast<std::size_t>(from.rows));
  for (std::int64_t row = 0; row < from.rows; ++row) {
    if (!is_valid(validity, row)) continue;
    if (unit == 'n') {
      if (given[row] % 1000 != 0) refuse_row(row, "has nanoseconds, and the function takes whole microseconds");
      microseconds[row] = given[row] / 1000;
    } else {
      const std::int64_t factor = unit == 's' ? 1'000'000 : 1000;
      const bool overflow = __builtin_mul_overflow(given[row], factor, &microseconds[row]);
      if (overflow) refuse_row(row, "is too far from 1970 for microseconds of 64 bits");
    }
  }
  return microseconds;
}

const void* ArrowReader::decimals(const ArrowRows& from, const Type& type, const std::uint64_t* validity) const {
  const std::string_view numbers = from.format().substr(2);
  const auto comma = numbers.find(',');
  const std::string_view behind = comma == numbers.npos ? "" : numbers.substr(comma + 1);
  const auto second = behind.find(',');
  const std::int64_t precision = number_in_format(numbers.substr(0, comma));
  const std::int64_t scale = number_in_format(behind.substr(0, second));
  const bool is_128 = second == behind.npos || behind.substr(second + 1) == "128";
  if (precision < 1 || precision > 38 || scale < 0 || scale > 38 || !is_128) {
    refuse({" must be a decimal of 128 bits with a scale from 0 to 38, not of format ", from.format()});
  }
  const auto* const given = buffer<StoredInt128>(from, 1, from.rows);
  if (scale == type.scale && precision <= type.precision) return given;
  auto* const fitted = arena_.make<StoredInt128>(static_cast<std::size_t>(from.rows));
  const Int128 limit = power_of_ten(type.precision);
  const int more = type.scale - static_cast<int>(scale);
  const Int128 factor = power_of_ten(more < 0 ? -more : more);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    if (!is_valid(validity, row)) continue;
    Int128 value = given[row].value();
    bool exact = true;
    if (more >= 0) {
      exact = !__builtin_mul_overflow(value, factor, &value);
    } else {
      exact = value % factor == 0;
      value /= factor;
    }
    if (!exact || value >= limit || value <= -limit) {
      refuse_row(row, joined({"is not exact as ", plain_name(type)}));
    }
    fitted[row] = StoredInt128::of(value);
  }
  return fitted;
}

}  // namespace udf::detail
