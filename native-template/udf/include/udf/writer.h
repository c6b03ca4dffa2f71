#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "udf/owned_column.h"
#include "udf/value.h"

namespace udf::detail {

/// True for one number in each row, which is never null by itself.
template <class T>
consteval bool is_number() {
  if constexpr (Scalar<T>::supported) {
    return !is_text_type<T>;
  } else {
    return false;
  }
}

/// Where results go that are numbers in each row, or structs of them: `values`, one pointer for each number. Loops take
/// them as parameters of their own, so those loops become vector instructions.
template <class Result>
struct PlainOutput {
  static constexpr bool supported = false;
  static constexpr std::size_t count = 1;
};

template <class Result>
  requires(is_number<Result>())
struct PlainOutput<Result> {
  static constexpr bool supported = true;
  static constexpr std::size_t count = 1;
  using Storage = typename Scalar<Result>::Storage;

  explicit PlainOutput(const Output& output) : values(static_cast<Storage*>(output.values)) {}
  static void write(std::int64_t row, const Result& result, Storage* to) { to[row] = Scalar<Result>::write(result); }

  const std::tuple<Storage*> values;
};

template <class Fields>
inline constexpr bool are_numbers = false;
template <class... F>
inline constexpr bool are_numbers<const StructFields<F...>> = (is_number<typename F::Member>() && ...);

template <class Fields>
struct StorageOf;
template <class... F>
struct StorageOf<const StructFields<F...>> {
  using Values = std::tuple<typename Scalar<typename F::Member>::Storage*...>;
};

template <NamedStruct Result>
  requires(are_numbers<decltype(struct_fields<Result>)>)
struct PlainOutput<Result> {
  static constexpr bool supported = true;
  static constexpr std::size_t count = decltype(struct_fields<Result>)::count;

 private:
  using Fields = decltype(struct_fields<Result>);
  using Indices = std::make_index_sequence<count>;
  using Values = typename StorageOf<Fields>::Values;

 public:
  explicit PlainOutput(const Output& output) : PlainOutput(output, Indices()) {}

  template <class... Storage>
  static void write(std::int64_t row, const Result& result, Storage*... to) {
    write_fields(row, result, Indices(), to...);
  }

  const Values values;

 private:
  template <std::size_t... I>
  PlainOutput(const Output& output, std::index_sequence<I...>)
      : values(static_cast<std::tuple_element_t<I, Values>>(output.children[I].values)...) {}

  template <std::size_t... I, class... Storage>
  static void write_fields(std::int64_t row, const Result& result, std::index_sequence<I...>, Storage*... to) {
    ((to[row] = number(result.*std::get<I>(struct_fields<Result>.fields).member)), ...);
  }
  template <class T>
  static auto number(const T& value) {
    return Scalar<T>::write(value);
  }
};

template <class T>
void write_cell(const Output& output, std::int64_t row, const T& value);

/// Writes a list into row `row`.
template <class List>
void write_list(ListOutput& output, std::int64_t row, const List& list) {
  using Element = typename ListOf<List>::Element;
  const std::size_t count = list.size();
  const std::int64_t first = output.add(row, count);
  if constexpr (std::is_arithmetic_v<Element> && !std::is_same_v<Element, bool>) {
    if (count == 0) return;
    Element* const to = static_cast<Element*>(output.output().values) + first;
    std::memcpy(to, list.data(), count * sizeof(Element));
  } else {
    for (std::size_t index = 0; index < count; ++index) {
      write_cell<Element>(output.output(), first + static_cast<std::int64_t>(index), list[index]);
    }
  }
}

/// Writes a value that is not null into row `row`.
template <class Value>
void write_value(const Output& output, std::int64_t row, const Value& value) {
  if constexpr (ListOf<Value>::supported) {
    write_list(*output.list, row, value);
  } else if constexpr (NamedStruct<Value>) {
    for_each_field<Value>([&](std::size_t index, const auto& field) {
      using Member = typename std::remove_cvref_t<decltype(field)>::Member;
      write_cell<Member>(output.children[index], row, value.*field.member);
    });
  } else if constexpr (is_text_type<Value>) {
    output.text->write(row, Scalar<Value>::write(value));
  } else {
    static_cast<typename Scalar<Value>::Storage*>(output.values)[row] = Scalar<Value>::write(value);
  }
}

/// Writes what lies in a list or a struct, null or not.
template <class T>
void write_cell(const Output& output, std::int64_t row, const T& value) {
  if constexpr (Nullable<T>::nullable) {
    if (!value) return;
    set_valid(output.validity, row);
    write_value(output, row, *value);
  } else {
    write_value(output, row, value);
  }
}

/// Writes a whole result, nullable or not, into row `row`. False when it is null.
template <class Result>
bool write_result(const Output& output, std::int64_t row, const Result& result) {
  if constexpr (Nullable<Result>::nullable) {
    if (!result) return false;
    write_value(output, row, *result);
  } else {
    write_value(output, row, result);
  }
  return true;
}

}  // namespace udf::detail
