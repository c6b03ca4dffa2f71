#pragma once

#include <cstddef>
#include <cstdint>
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
    return static_cast<T*>(keep(std::calloc(count == 0 ? 1 : count, sizeof(T))));
  }

  /// The same, not zeroed: for what is written whole.
  template <class T>
  T* room(std::size_t count) {
    if (count > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(keep(std::malloc((count == 0 ? 1 : count) * sizeof(T))));
  }

  /// Room for a mask of so many rows, all null.
  std::uint64_t* mask(std::int64_t rows) { return make<std::uint64_t>(static_cast<std::size_t>(word_count(rows))); }

  /// A column for what a caller gives, all null and 0; `type` must outlive it.
  OwnedColumn& column(const Type& type, std::int64_t rows) {
    OwnedColumn& made = columns_.emplace_front(type, OwnedColumn::Options{true, true, Masks::Everywhere}, rows);
    clear(made.output(), rows);
    for (std::int64_t word = 0; word < word_count(rows); ++word) made.output().validity[word] = 0;
    return made;
  }

 private:
  void* keep(void* made) {
    Memory memory(made);
    if (!memory) throw std::bad_alloc();
    kept_.push_front(std::move(memory));
    return made;
  }

  std::forward_list<Memory> kept_;
  std::forward_list<OwnedColumn> columns_;
};

}  // namespace udf::detail
