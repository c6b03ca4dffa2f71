#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "udf/reader.h"

namespace udf {

/// An argument of a batch function: all rows of a column, where they lie. T is any type that a row function takes;
/// `udf::Column<std::optional<T>>` sees nulls. It lives as long as the call.
template <class T>
class Column {
 public:
  /// Goes over the rows, for `for (const auto& value : column)`.
  class Iterator {
   public:
    Iterator(const Column& column, std::size_t row) : column_(&column), row_(row) {}
    T operator*() const { return (*column_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return row_ == other.row_; }

   private:
    const Column* column_;
    std::size_t row_;
  };

  Column(detail::Cell<T>& cell, std::int64_t rows) : cell_(&cell), rows_(static_cast<std::size_t>(rows)) {}

  std::size_t size() const { return rows_; }
  /// The value of a row below `size()`. What it views stays until the call ends.
  T operator[](std::size_t row) const { return cell_->read(static_cast<std::int64_t>(row)); }
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, rows_}; }

 private:
  detail::Cell<T>* cell_;
  std::size_t rows_;
};

namespace detail {

/// How an argument of a batch function is had from a column.
template <class T>
struct BatchArgument {
  static constexpr bool supported = false;
  using Value = T;
};

/// Values that lie in the column as C++ wants them.
template <class E>
struct BatchArgument<std::span<const E>> {
  static constexpr bool supported = [] {
    if constexpr (Scalar<E>::supported) {
      return std::is_same_v<typename Scalar<E>::Storage, E> || std::is_same_v<E, bool>;
    } else {
      return false;
    }
  }();
  using Value = E;

  explicit BatchArgument(const Input& input)
      : values_(static_cast<const E*>(input.values), static_cast<std::size_t>(input.rows)) {}
  std::span<const E> get() const { return values_; }

 private:
  std::span<const E> values_;
};

template <class T>
  requires(is_supported<T>())
struct BatchArgument<Column<T>> {
  static constexpr bool supported = true;
  using Value = T;

  explicit BatchArgument(const Input& input) : cell_(input), rows_(input.rows) {}
  Column<T> get() { return {cell_, rows_}; }

 private:
  Cell<T> cell_;
  std::int64_t rows_;
};

}  // namespace detail
}  // namespace udf
