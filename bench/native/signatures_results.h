#pragma once

// What the module and the loops by hand have made, as one number: the same rows give the same number.

#include <udf/abi.h>

#include <cstdint>
#include <cstring>
#include <string_view>

/// FNV-1a over rows, one after the other: whether the row is null, then its value. A null row holds 0 or nothing.
class Checksum {
 public:
  void add_present(bool present) { add(&present, 1); }
  template <class T>
  void add_number(const T& number) {
    add(&number, sizeof number);
  }
  void add_text(std::string_view text) {
    add_number(static_cast<std::int64_t>(text.size()));
    add(text.data(), text.size());
  }
  /// So many rows of numbers; without a mask none is null.
  template <class T>
  void add_numbers(const std::uint64_t* mask, const T* numbers, std::int64_t rows) {
    for (std::int64_t row = 0; row < rows; ++row) {
      add_present(is_present(mask, row));
      add_number(numbers[row]);
    }
  }

  static bool is_present(const std::uint64_t* mask, std::int64_t row) {
    return mask == nullptr || (mask[row / 64] >> (row % 64) & 1) != 0;
  }
  std::uint64_t value() const { return value_; }

 private:
  void add(const void* bytes, std::size_t size) {
    for (std::size_t at = 0; at < size; ++at) {
      value_ = (value_ ^ static_cast<const unsigned char*>(bytes)[at]) * 0x100000001b3;
    }
  }

  std::uint64_t value_ = 0xcbf29ce484222325;
};

/// One row of an Arrow array, of those formats that the benchmark has.
inline void add_row(Checksum& sum, const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
  sum.add_present(Checksum::is_present(static_cast<const std::uint64_t*>(array.buffers[0]), row));
  const std::string_view format = schema.format;
  if (format == "+s") {
    for (std::int64_t index = 0; index < array.n_children; ++index) {
      add_row(sum, *schema.children[index], *array.children[index], row);
    }
    return;
  }
  const void* const values = array.buffers[1];
  if (format == "b") {
    sum.add_number(Checksum::is_present(static_cast<const std::uint64_t*>(values), row));
  } else if (format == "tdD") {
    sum.add_number(static_cast<const std::int32_t*>(values)[row]);
  } else if (format == "u") {
    const auto* const offsets = static_cast<const std::int32_t*>(values);
    sum.add_text({static_cast<const char*>(array.buffers[2]) + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])});
  } else if (format == "+l") {
    const auto* const offsets = static_cast<const std::int32_t*>(values);
    sum.add_number(offsets[row + 1] - offsets[row]);
    for (std::int32_t at = offsets[row]; at < offsets[row + 1]; ++at) add_row(sum, *schema.children[0], *array.children[0], at);
  } else {  // eight bytes of a number
    sum.add_number(static_cast<const std::int64_t*>(values)[row]);
  }
}

inline std::uint64_t checksum_of(const ArrowSchema& schema, const ArrowArray& array) {
  Checksum sum;
  for (std::int64_t row = 0; row < array.length; ++row) add_row(sum, schema, array, row);
  return sum.value();
}
