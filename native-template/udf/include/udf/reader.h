#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "udf/column.h"
#include "udf/value.h"

namespace udf::detail {

/// Reads values of a C++ type out of a column: `read(column(), row)`. What it had to make for a row stays until `reset`.
template <class Value>
class Reader;

/// One number in each row: the column is its values, so that loops over it become vector instructions.
template <class Value>
  requires(Scalar<Value>::supported && !is_text_type<Value>)
class Reader<Value> {
 public:
  static constexpr bool can_throw = Scalar<Value>::can_throw;

  explicit Reader(const Input& input) : values_(static_cast<const typename Scalar<Value>::Storage*>(input.values)) {}
  const typename Scalar<Value>::Storage* column() { return values_; }
  static Value read(const typename Scalar<Value>::Storage* column, std::int64_t row) {
    return Scalar<Value>::read(column[row]);
  }
  void reset() {}

 private:
  const typename Scalar<Value>::Storage* values_;
};

/// A text or bytes.
template <class Value>
  requires(Scalar<Value>::supported && is_text_type<Value>)
class Reader<Value> {
 public:
  static constexpr bool can_throw = Scalar<Value>::can_throw;

  explicit Reader(const Input& input) : texts_(input) {}
  Texts column() { return texts_; }
  static Value read(const Texts& texts, std::int64_t row) { return Scalar<Value>::read(texts[row]); }
  void reset() {}

 private:
  Texts texts_;
};

/// A value that may be null, inside of a list or a struct.
template <class T>
class Cell {
  using Value = typename Nullable<T>::Value;

 public:
  static constexpr bool can_throw = Reader<Value>::can_throw;

  explicit Cell(const Input& input) : reader_(input), validity_(input.validity) {}
  T read(std::int64_t row) {
    if constexpr (Nullable<T>::nullable) {
      if (!is_valid(validity_, row)) return std::nullopt;
    }
    return T(Reader<Value>::read(reader_.column(), row));
  }
  void reset() { reader_.reset(); }

 private:
  Reader<Value> reader_;
  const std::uint64_t* validity_;
};

/// A list. Elements that lie in the column as C++ wants them are not copied.
template <class List>
  requires(ListOf<List>::supported)
class Reader<List> {
  using Element = typename ListOf<List>::Element;
  static constexpr bool in_place = [] {
    if constexpr (Scalar<Element>::supported) {
      using Storage = typename Scalar<Element>::Storage;
      return std::is_same_v<Storage, Element> || std::is_same_v<Element, bool>;
    } else {
      return false;
    }
  }();

 public:
  static constexpr bool can_throw = ListOf<List>::owns || !in_place;

  explicit Reader(const Input& input)
      : entries_(input), elements_(input.children[0].values), cell_(input.children[0]) {}
  Reader& column() { return *this; }

  static List read(Reader& column, std::int64_t row) { return column.read(row); }
  void reset() {
    used_ = 0;
    if constexpr (!in_place) cell_.reset();
  }

 private:
  List read(std::int64_t row) {
    const auto [first, count] = entries_[row];
    if constexpr (in_place) {
      const std::span<const Element> elements(static_cast<const Element*>(elements_) + (count == 0 ? 0 : first), count);
      return List(elements.begin(), elements.end());
    } else if constexpr (ListOf<List>::owns) {
      List list;
      fill(list, first, count);
      return list;
    } else {
      // the elements of one row's lists stay, each in a place of its own, until the next row
      if (used_ == kept_.size()) kept_.emplace_back();
      std::vector<Element>& list = kept_[used_++];
      list.clear();
      fill(list, first, count);
      return list;
    }
  }

  template <class Elements>
  void fill(Elements& list, std::uint64_t first, std::uint64_t count) {
    list.reserve(count);
    for (std::uint64_t index = 0; index < count; ++index) {
      list.push_back(cell_.read(static_cast<std::int64_t>(first + index)));
    }
  }

  ListEntries entries_;
  const void* elements_;
  Cell<Element> cell_;
  std::deque<std::vector<std::conditional_t<in_place, char, Element>>> kept_;
  std::size_t used_ = 0;
};

/// A struct, out of a column for each field.
template <NamedStruct Struct>
class Reader<Struct> {
  template <class Fields>
  struct CellsOf;
  template <class... F>
  struct CellsOf<const StructFields<F...>> {
    using Type = std::tuple<Cell<typename F::Member>...>;
    static constexpr bool can_throw = (Cell<typename F::Member>::can_throw || ...);
  };
  using Cells = CellsOf<decltype(struct_fields<Struct>)>;
  static constexpr std::size_t count = decltype(struct_fields<Struct>)::count;
  using Indices = std::make_index_sequence<count>;

 public:
  static constexpr bool can_throw = Cells::can_throw;

  explicit Reader(const Input& input) : Reader(input, Indices()) {}
  Reader& column() { return *this; }

  static Struct read(Reader& column, std::int64_t row) { return column.read(row, Indices()); }
  void reset() {
    std::apply([](auto&... cell) { (cell.reset(), ...); }, cells_);
  }

 private:
  template <std::size_t... I>
  Reader(const Input& input, std::index_sequence<I...>) : cells_(input.children[I]...) {}

  template <std::size_t... I>
  Struct read(std::int64_t row, std::index_sequence<I...>) {
    Struct made{};
    ((made.*std::get<I>(struct_fields<Struct>.fields).member = std::get<I>(cells_).read(row)), ...);
    return made;
  }

  typename Cells::Type cells_;
};

}  // namespace udf::detail
