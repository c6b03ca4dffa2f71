#include "arrow_import.h"

#include <charconv>
#include <limits>

#include "bits.h"
#include "defaults.h"
#include "describe.h"
#include "layouts.h"
#include "take_rows.h"

namespace udf::detail {
namespace {

bool fits(std::string_view format, Kind kind) {
  switch (kind) {
    case Kind::String:
      return format == "u" || format == "U" || format == "vu";
    case Kind::Bytes:
      return format == "z" || format == "Z" || format == "vz" || format.starts_with("w:");
    case Kind::Date:
      return format == "tdD" || format == "tdm";
    case Kind::Timestamp:
    case Kind::LocalTimestamp: {
      const bool timestamp = format.size() >= 4 && format.starts_with("ts") && format[3] == ':' &&
                             std::string_view("smun").find(format[2]) != std::string_view::npos;
      return timestamp && (format.size() > 4) == (kind == Kind::Timestamp);
    }
    case Kind::Decimal:
      return format.starts_with("d:");
    case Kind::List:
      return format == "+l" || format == "+L" || format == "+vl" || format == "+vL" || format.starts_with("+w:");
    default:
      return format == usual_format(kind);
  }
}

}  // namespace

std::string_view usual_format(Kind kind) {
  switch (kind) {
    case Kind::Bool:
      return "b";
    case Kind::Int8:
      return "c";
    case Kind::Int16:
      return "s";
    case Kind::Int32:
      return "i";
    case Kind::Int64:
      return "l";
    case Kind::UInt8:
      return "C";
    case Kind::UInt16:
      return "S";
    case Kind::UInt32:
      return "I";
    case Kind::UInt64:
      return "L";
    case Kind::Float:
      return "f";
    case Kind::Double:
      return "g";
    case Kind::String:
      return "u";
    case Kind::Bytes:
      return "z";
    case Kind::Date:
      return "tdD";
    case Kind::Timestamp:
      return "tsu:UTC";
    case Kind::LocalTimestamp:
      return "tsu:";
    case Kind::Decimal:
      return "d:38,0";
    case Kind::List:
      return "+l";
    case Kind::Struct:
      return "+s";
  }
  return "";
}

std::int64_t number_in_format(std::string_view text) {
  std::int32_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

Input import_arrow(const ArrowColumn& column, const Type& type, const Place& place, Arena& arena, TextForm texts) {
  if (column.schema == nullptr || column.array == nullptr) throw UsageError({place.text(), " is missing"});
  if (column.schema->release == nullptr || column.array->release == nullptr) {
    throw UsageError({place.text(), " has been released already"});
  }
  const ArrowArray& array = *column.array;
  if (array.length < 0 || array.offset < 0) throw UsageError({place.text(), " has a negative length or offset"});
  return ArrowReader(place, arena).read({*column.schema, array, array.offset, array.length}, type, texts);
}

Input ArrowReader::read(const ArrowRows& from, const Type& type, TextForm texts) const {
  if (from.first > most_rows || from.rows > most_rows) refuse({too_large});
  if (from.format() == "n") {  // a column of nulls has no buffers, and fits every type
    check_shape(from, 0, 0);
    return null_column(type, from.rows, arena_);
  }
  if (from.schema.dictionary != nullptr || from.array.dictionary != nullptr) return read_dictionary(from, type);
  if (!fits(from.format(), type.kind)) wrong_format(from, type);
  if (type.kind == Kind::List) return list(from, type);
  if (type.kind == Kind::Struct) return structure(from, type);
  const bool views = from.format().starts_with('v');
  const std::int64_t buffers = is_text(type.kind) && !from.format().starts_with("w:") ? 3 : 2;
  check_shape(from, views && from.array.n_buffers > buffers ? from.array.n_buffers : buffers, 0);
  Input input{nullptr, validity(from), nullptr, from.rows};
  switch (type.kind) {
    case Kind::Bool:
      input.values = booleans(from);
      break;
    case Kind::String:
    case Kind::Bytes:
      read_texts(from, texts, input);
      break;
    case Kind::Date:
      input.values = dates(from, input.validity);
      break;
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      input.values = timestamps(from, input.validity);
      break;
    case Kind::Decimal:
      input.values = decimals(from, type, input.validity);
      break;
    default:
      input.values = values(from, width_of(type.kind));
      break;
  }
  return input;
}

const std::uint64_t* ArrowReader::validity(const ArrowRows& from) const {
  const auto* bits = static_cast<const std::uint8_t*>(from.array.buffers[0]);
  if (bits == nullptr && from.array.null_count > 0) refuse({" has nulls but no validity buffer"});
  if (bits == nullptr || from.array.null_count == 0 || from.rows == 0) return nullptr;
  std::uint64_t* const words = arena_.room<std::uint64_t>(static_cast<std::size_t>(word_count(from.rows)));
  for_each_word(bits, from.first, from.rows, [&](std::int64_t word, std::uint64_t present) { words[word] = present; });
  return words;
}

const void* ArrowReader::values(const ArrowRows& from, std::size_t width) const {
  switch (width) {
    case 1:
      return buffer<std::uint8_t>(from, 1, from.rows);
    case 2:
      return buffer<std::uint16_t>(from, 1, from.rows);
    case 4:
      return buffer<std::uint32_t>(from, 1, from.rows);
    default:
      return buffer<std::uint64_t>(from, 1, from.rows);
  }
}

const void* ArrowReader::booleans(const ArrowRows& from) const {
  const auto* const bits = static_cast<const std::uint8_t*>(from.array.buffers[1]);
  if (bits == nullptr && from.rows > 0) refuse({" has no buffer of values"});
  auto* const flags = arena_.room<std::uint8_t>(static_cast<std::size_t>(word_count(from.rows) * word_rows));
  for_each_word(bits, from.first, from.rows, [&](std::int64_t word, std::uint64_t values) {
    for (std::int64_t byte = 0; byte < 8; ++byte) {
      const std::uint64_t eight = bytes_of_bits(static_cast<std::uint8_t>(values >> (byte * 8)));
      std::memcpy(flags + word * word_rows + byte * 8, &eight, sizeof eight);
    }
  });
  return flags;
}

Input ArrowReader::read_dictionary(const ArrowRows& from, const Type& type) const {
  const ArrowSchema* const schema = from.schema.dictionary;
  const ArrowArray* const array = from.array.dictionary;
  if (schema == nullptr || array == nullptr) refuse({" is dictionary-encoded, and has no dictionary"});
  check_inner(schema, array, "dictionary");
  // each level would be a call, and a dictionary may be its own
  if (schema->dictionary != nullptr || array->dictionary != nullptr) refuse({" has a dictionary that has a dictionary"});
  const Input dictionary = read({*schema, *array, array->offset, array->length}, type);
  check_shape(from, 2, 0);
  const Input rows{nullptr, validity(from), nullptr, from.rows};
  auto* const indices = arena_.make<std::int64_t>(static_cast<std::size_t>(from.rows));
  const auto copy = [&]<class T>(T) {
    const T* const at = buffer<T>(from, 1, from.rows);
    for (std::int64_t row = 0; row < from.rows; ++row) {
      if (!is_valid(rows.validity, row)) continue;
      // a large unsigned one becomes negative, and is refused
      indices[row] = static_cast<std::int64_t>(at[row]);
      if (indices[row] < 0 || indices[row] >= array->length) refuse_row(row, "lies outside of the dictionary");
    }
  };
  switch (from.format().size() == 1 ? from.format()[0] : '?') {
    case 'c':
      copy(std::int8_t{});
      break;
    case 'C':
      copy(std::uint8_t{});
      break;
    case 's':
      copy(std::int16_t{});
      break;
    case 'S':
      copy(std::uint16_t{});
      break;
    case 'i':
      copy(std::int32_t{});
      break;
    case 'I':
      copy(std::uint32_t{});
      break;
    case 'l':
      copy(std::int64_t{});
      break;
    case 'L':
      copy(std::uint64_t{});
      break;
    default:
      refuse({" has a dictionary with indices of format ", from.format()});
  }
  return take_rows(dictionary, type, indices, rows, arena_);
}

void ArrowReader::check_inner(const ArrowSchema* schema, const ArrowArray* array, std::string_view name) const {
  if (schema == nullptr || array == nullptr) refuse({" has a ", name, " that is missing"});
  if (schema->release == nullptr || array->release == nullptr) refuse({" has a ", name, " that has been released already"});
  if (array->length < 0 || array->offset < 0) refuse({" has a ", name, " with a negative length or offset"});
  if (array->length > most_rows || array->offset > most_rows) refuse({too_large});
}

void ArrowReader::check_shape(const ArrowRows& from, std::int64_t buffers, std::int64_t children) const {
  const ArrowArray& array = from.array;
  if (array.null_count < -1 || array.null_count > array.length) {
    refuse({" has ", std::to_string(array.null_count), " nulls in ", std::to_string(array.length), " rows"});
  }
  const bool expected = children < 0 ? array.n_children >= 0 : array.n_children == children;
  if (!expected || from.schema.n_children != array.n_children) {
    refuse({children == 0 ? " has child arrays" : " has not the child arrays of its format"});
  }
  if (array.n_children > 0 && (array.children == nullptr || from.schema.children == nullptr)) {
    refuse({" has not the child arrays of its format"});
  }
  if (array.n_buffers != buffers || (buffers > 0 && array.buffers == nullptr)) {
    refuse({" has ", std::to_string(array.n_buffers), " buffers, and its format has ", std::to_string(buffers)});
  }
}

void ArrowReader::wrong_format(const ArrowRows& from, const Type& type) const {
  if (type.kind == Kind::Timestamp && fits(from.format(), Kind::LocalTimestamp)) refuse({" needs a time zone, and has none"});
  if (type.kind == Kind::LocalTimestamp && fits(from.format(), Kind::Timestamp)) refuse({" must be without a time zone"});
  refuse({" must be an Arrow array of ", kind_name(type.kind), " (format ", usual_format(type.kind), "), not of format ",
          from.format()});
}

void ArrowReader::refuse(std::initializer_list<std::string_view> parts) const {
  throw UsageError({place_.text(), joined(parts)});
}

void ArrowReader::refuse_row(std::int64_t row, std::string_view why) const {
  refuse({", row ", std::to_string(row), ", ", why});
}

}  // namespace udf::detail
