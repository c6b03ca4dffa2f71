#include <cstring>

#include "arrow.h"
#include "describe.h"
#include "messages.h"
#include "texts.h"

namespace udf::detail {
namespace {

/// The Arrow formats that a type is read from; the second is the one with long offsets.
struct Formats {
  std::string_view usual;
  std::string_view large;
};

Formats formats_of(Type type) {
  switch (type) {
    case Type::Bool:
      return {"b", ""};
    case Type::Int32:
      return {"i", ""};
    case Type::Int64:
      return {"l", ""};
    case Type::Float:
      return {"f", ""};
    case Type::Double:
      return {"g", ""};
    case Type::String:
      return {"u", "U"};
  }
  return {};
}

std::size_t size_of(Type type) { return type == Type::Int32 || type == Type::Float ? 4 : 8; }

void check_shape(const ArrowColumn& column, std::int64_t buffers, const Place& place) {
  const ArrowArray& array = *column.array;
  if (column.schema->dictionary != nullptr || array.dictionary != nullptr) {
    throw UsageError({place.text(), " is dictionary-encoded; decode it first"});
  }
  if (array.length < 0 || array.offset < 0) throw UsageError({place.text(), " has a negative length or offset"});
  if (column.schema->n_children != 0 || array.n_children != 0) throw UsageError({place.text(), " has child arrays"});
  if (array.n_buffers != buffers || (buffers > 0 && array.buffers == nullptr)) {
    throw UsageError({place.text(), " has ", std::to_string(array.n_buffers), " buffers, and its format has ",
                      std::to_string(buffers)});
  }
}

}  // namespace

Input ArrowInputs::read(const ArrowColumn& column, const Field& field, const Place& place) {
  if (column.schema == nullptr || column.array == nullptr) throw UsageError({place.text(), " is missing"});
  if (column.schema->release == nullptr || column.array->release == nullptr) {
    throw UsageError({place.text(), " has been released already"});
  }
  const std::string_view format = column.schema->format == nullptr ? "" : column.schema->format;
  const ArrowArray& array = *column.array;
  const auto rows = static_cast<std::size_t>(array.length < 0 ? 0 : array.length);
  if (format == "n") {  // a column of nulls has no buffers, and fits every type
    check_shape(column, 0, place);
    return {bytes_.emplace_front(rows * sizeof(std::string_view)).data(),
            words_.emplace_front(static_cast<std::size_t>(word_count(array.length))).data()};
  }
  const Formats formats = formats_of(field.type);
  if (format != formats.usual && (format != formats.large || format.empty())) {
    throw UsageError({place.text(), " must be an Arrow array of ", type_name(field.type), " (format ", formats.usual,
                      "), not of format ", format});
  }
  check_shape(column, field.type == Type::String ? 3 : 2, place);
  Input input;
  input.validity = validity(array, place);
  input.values = values(array, field.type, format == formats.large, place);
  return input;
}

const std::uint64_t* ArrowInputs::validity(const ArrowArray& array, const Place& place) {
  const auto* bits = static_cast<const std::uint8_t*>(array.buffers[0]);
  if (bits == nullptr && array.null_count > 0) throw UsageError({place.text(), " has nulls but no validity buffer"});
  if (bits == nullptr || array.null_count == 0 || array.length == 0) return nullptr;
  const auto rows = static_cast<std::size_t>(array.length);
  Words& words = words_.emplace_front(static_cast<std::size_t>(word_count(array.length)));
  auto* const bytes = reinterpret_cast<std::uint8_t*>(words.data());
  const std::uint8_t* const from = bits + array.offset / 8;
  const auto shift = static_cast<unsigned>(array.offset % 8);
  const std::size_t last = (rows + shift - 1) / 8;  // the last byte of the buffer that may be read
  for (std::size_t byte = 0; byte < (rows + 7) / 8; ++byte) {
    const unsigned high = shift > 0 && byte < last ? from[byte + 1] : 0U;
    bytes[byte] = static_cast<std::uint8_t>((from[byte] | (high << 8)) >> shift);
  }
  return words.data();
}

const void* ArrowInputs::values(const ArrowArray& array, Type type, bool large, const Place& place) {
  const auto rows = static_cast<std::size_t>(array.length);
  const auto offset = static_cast<std::size_t>(array.offset);
  const auto* buffer = static_cast<const std::uint8_t*>(array.buffers[1]);
  if (rows == 0) return bytes_.emplace_front(1).data();
  if (buffer == nullptr) throw UsageError({place.text(), " has no buffer of values"});
  if (type == Type::Bool) {
    std::vector<std::uint8_t>& flags = bytes_.emplace_front(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      flags[row] = (buffer[(offset + row) / 8] >> ((offset + row) % 8)) & 1;
    }
    return flags.data();
  }
  if (type == Type::String) {
    std::vector<std::string_view>& views = views_.emplace_front(rows);
    const auto* data = static_cast<const char*>(array.buffers[2]);
    // nobody says how long the data is; without data every text must be empty
    const std::int64_t size = data == nullptr ? 0 : -1;
    const bool rising = large ? view_offsets(reinterpret_cast<const std::int64_t*>(buffer) + offset, data, size, views)
                              : view_offsets(reinterpret_cast<const std::int32_t*>(buffer) + offset, data, size, views);
    if (!rising) throw UsageError({place.text(), " has offsets that fall or lie outside of its data"});
    return views.data();
  }
  const std::uint8_t* const first = buffer + offset * size_of(type);
  if (reinterpret_cast<std::uintptr_t>(first) % size_of(type) == 0) return first;
  std::vector<std::uint8_t>& copy = bytes_.emplace_front(rows * size_of(type));  // Arrow only recommends alignment
  std::memcpy(copy.data(), first, copy.size());
  return copy.data();
}

}  // namespace udf::detail
