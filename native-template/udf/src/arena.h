#pragma once

#include <cstddef>
#include <cstdlib>
#include <forward_list>
#include <new>

#include "udf/decimal.h"
#include "udf/owned_column.h"

namespace udf::detail {

/// Memory for what a call has to convert; it stays until the call ends.
class Arena {
 public:
  /// Zeroed room for `count` elements, at least one. T needs neither constructor nor destructor.
  template <class T>
  T* make(std::size_t count) {
    Memory memory(std::calloc(count == 0 ? 1 : count, sizeof(T)));
    if (!memory) throw std::bad_alloc();
    kept_.push_front(std::move(memory));
    return static_cast<T*>(kept_.front().get());
  }

  /// Room for a mask of so many rows, all null.
  std::uint64_t* mask(std::int64_t rows) { return make<std::uint64_t>(static_cast<std::size_t>(word_count(rows))); }

  /// A column to write to, which may have nulls; `type` must outlive it.
  OwnedColumn& column(const Type& type, std::int64_t rows) { return columns_.emplace_front(type, true, true, rows); }

 private:
  std::forward_list<Memory> kept_;
  std::forward_list<OwnedColumn> columns_;
};

}  // namespace udf::detail
