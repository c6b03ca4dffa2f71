#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "arrow.h"

namespace udf::detail {

/// No machine has more rows or bytes; below it, sums and products of sizes do not overflow.
inline constexpr std::int64_t most_rows = std::int64_t{1} << 40;
inline constexpr std::string_view too_large = " has a length or offset that no memory holds";

/// Some rows of an Arrow array that is being read: `first` counts from the buffers' beginnings.
struct ArrowRows {
  const ArrowSchema& schema;
  const ArrowArray& array;
  std::int64_t first;
  std::int64_t rows;

  std::string_view format() const { return schema.format == nullptr ? "" : schema.format; }
};

/// What the parts of the import share.
class ArrowReader {
 public:
  ArrowReader(const Place& place, Arena& arena) : place_(place), arena_(arena) {}

  /// What lies in a list, a struct or a dictionary has its texts as views.
  Input read(const ArrowRows& from, const Type& type, TextForm texts = TextForm::Views) const;

 private:
  Input read_dictionary(const ArrowRows& from, const Type& type) const;
  const std::uint64_t* validity(const ArrowRows& from) const;

  const void* booleans(const ArrowRows& from) const;
  /// Sets the values of `input`, whose mask is set.
  void read_texts(const ArrowRows& from, TextForm form, Input& input) const;
  template <class Offset>
  void read_texts_at_offsets(const ArrowRows& from, TextForm form, Input& input) const;
  const void* text_views(const ArrowRows& from, const std::uint64_t* validity) const;
  const void* fixed_bytes(const ArrowRows& from, std::string_view width) const;
  const void* dates(const ArrowRows& from, const std::uint64_t* validity) const;
  const void* timestamps(const ArrowRows& from, const std::uint64_t* validity) const;
  const void* decimals(const ArrowRows& from, const Type& type, const std::uint64_t* validity) const;

  Input list(const ArrowRows& from, const Type& type) const;
  template <class Offset>
  Input list_at_offsets(const ArrowRows& from, const Type& type) const;
  template <class Offset>
  Input list_views(const ArrowRows& from, const Type& type) const;
  Input list_of_fixed_size(const ArrowRows& from, const Type& type, std::string_view size) const;
  Input structure(const ArrowRows& from, const Type& type) const;
  /// Rows of a child array; refused when it does not have them.
  ArrowRows child_of(const ArrowRows& from, std::int64_t index, std::int64_t first, std::int64_t rows) const;

  /// Of an array that lies in another; `name` says what it is there. Refused when it cannot be read.
  void check_inner(const ArrowSchema* schema, const ArrowArray* array, std::string_view name) const;
  void check_shape(const ArrowRows& from, std::int64_t buffers, std::int64_t children) const;
  /// Buffer `index` as values from `first` on, copied if it is not aligned.
  template <class T>
  const T* buffer(const ArrowRows& from, std::int64_t index, std::int64_t count) const {
    if (count == 0) return arena_.make<T>(1);
    const auto* const bytes = static_cast<const std::uint8_t*>(from.array.buffers[index]);
    if (bytes == nullptr) refuse({" has no buffer of values"});
    const std::uint8_t* const at = bytes + static_cast<std::size_t>(from.first) * sizeof(T);
    if (reinterpret_cast<std::uintptr_t>(at) % alignof(T) == 0) return reinterpret_cast<const T*>(at);
    T* const copy = arena_.make<T>(static_cast<std::size_t>(count));  // Arrow only recommends alignment
    std::memcpy(copy, at, static_cast<std::size_t>(count) * sizeof(T));
    return copy;
  }
  const void* values(const ArrowRows& from, std::size_t width) const;
  /// Refuses the format.
  [[noreturn]] void wrong_format(const ArrowRows& from, const Type& type) const;
  [[noreturn, gnu::cold]] void refuse(std::initializer_list<std::string_view> parts) const;
  [[noreturn, gnu::cold]] void refuse_row(std::int64_t row, std::string_view why) const;

  const Place& place_;
  Arena& arena_;
};

/// A number in a format, such as the `12` of `w:12`; -1 when it is none from 0 to 2,147,483,647.
std::int64_t number_in_format(std::string_view text);

}  // namespace udf::detail
