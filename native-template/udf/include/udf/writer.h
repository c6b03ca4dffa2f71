#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "udf/owned_column.h"
#include "udf/value.h"

namespace udf::detail {

/// True for a result that is one number in each row and never null by itself: those loops become vector instructions.
template <class Result>
consteval bool is_plain_result() {
  if constexpr (Scalar<Result>::supported) {
    return !is_text_type<Result>;
  } else {
    return false;
  }
}

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
