#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "choices.h"
#include "udf/abi.h"
#include "udf/types.h"

namespace fuzz {

/// An Arrow array of about the right form for a type, malformed in the ways that its host could get wrong and import can
/// see: lengths, offsets, counts, formats, names, missing parts, and what offsets, indices and views say. Every buffer is
/// as long as the array's own lengths promise, byte for byte; one that they promise to be longer than `most` is not there.
class ArrayTree {
 public:
  /// `rows`: as many as the array that it lies in may ask for.
  ArrayTree(const udf::detail::Field& field, Choices& choices, std::int64_t rows = 0, int depth = 0);
  ~ArrayTree();

  ArrowSchema* schema() { return schema_.get(); }
  ArrowArray* array() { return array_.get(); }

 private:
  static constexpr std::int64_t most = 1 << 16;

  void choose_format(const udf::detail::Type& type);
  void choose_lengths(std::int64_t rows);
  void choose_dictionary(const udf::detail::Field& field, int depth);
  void make_buffers(const udf::detail::Type& type);
  void make_children(const udf::detail::Type& type, int depth);
  void damage();

  void add_bits();
  void add_values(const udf::detail::Type& type);
  template <class Offset>
  void add_offsets(bool with_data);
  template <class Index>
  void add_indices(std::int64_t more);
  void add_views();

  /// A block of exactly so many bytes; none for more than `most`, or fewer than 0.
  char* add_buffer(std::int64_t bytes);
  void add_no_buffer() { buffers_.push_back(nullptr); }
  /// Rows before and in the slice; -1 where no memory holds them.
  std::int64_t rows_in_buffers() const;

  Choices& choices_;
  /// How many rows of its children the array asks for.
  std::int64_t inner_rows_ = 0;
  std::unique_ptr<char[]> format_;
  std::unique_ptr<char[]> name_;
  std::unique_ptr<ArrowSchema> schema_;
  std::unique_ptr<ArrowArray> array_;
  std::vector<std::unique_ptr<char[]>> memory_;
  std::vector<const void*> buffers_;
  std::unique_ptr<const void*[]> buffer_pointers_;
  std::vector<std::unique_ptr<ArrayTree>> children_;
  std::unique_ptr<ArrowSchema*[]> child_schemas_;
  std::unique_ptr<ArrowArray*[]> child_arrays_;
  std::unique_ptr<ArrayTree> dictionary_;
};

}  // namespace fuzz
