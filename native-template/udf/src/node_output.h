#pragma once

#include <cstdint>
#include <forward_list>
#include <vector>

#include "messages.h"
#include "node_arrays.h"
#include "udf/owned_column.h"

namespace udf::detail::node {

/// The columns that a result is written to: JavaScript's own memory, as docs/architecture.md has it.
class OutputColumns {
 public:
  OutputColumns(napi_env env, const Function& function, std::int64_t rows, napi_value output) : env_(env), rows_(rows) {
    output_ = read(function.result.type, true, output, Place::output(function));
  }

  const Output& get() const { return output_; }

  /// Gives JavaScript what had no fixed size before: the texts and lists.
  void finish() {
    for (const Grown& grown : grown_) give(grown.handle, grown.output);
  }

 private:
  struct Grown {
    napi_value handle;
    Output output;
  };

  Output read(const Type& type, bool nullable, napi_value handle, const Place& place) {
    Output output{&type, nullable, nullptr, nullptr, nullptr, nullptr, nullptr};
    const napi_value validity = property(env_, handle, "validity", place);
    if (nullable || !is_nullish(env_, validity)) output.validity = mask(validity, place.part(".validity"));
    if (is_text(type.kind)) {
      output.text = &texts_.emplace_front(rows_);
      grown_.push_back({handle, output});
    } else if (type.kind == Kind::List) {
      output.list = &lists_.emplace_front(type.children[0], Masks::Declared, rows_);
      grown_.push_back({handle, output});
    } else if (type.kind == Kind::Struct) {
      const napi_value children = property(env_, handle, "children", place);
      std::vector<Output>& fields = fields_.emplace_front();
      for (std::size_t index = 0; index < type.children.size(); ++index) {
        const Place at = place.part(".children[" + std::to_string(index) + "]");
        const napi_value child = element(env_, children, index, at);
        fields.push_back(read(type.children[index].type, type.children[index].nullable, child, at));
      }
      output.children = fields.data();
    } else {
      const napi_value values = property(env_, handle, "values", place);
      const std::int64_t length = array_length(type.kind, rows_);
      output.values = typed_array(env_, values, array_type(type.kind), length, place.part(".values")).data;
    }
    return output;
  }

  std::uint64_t* mask(napi_value value, const Place& place) {
    const std::int64_t bytes = word_count(rows_) * static_cast<std::int64_t>(sizeof(std::uint64_t));
    void* const data = typed_array(env_, value, napi_uint8_array, bytes, place).data;
    if (reinterpret_cast<std::uintptr_t>(data) % alignof(std::uint64_t) != 0) {
      throw UsageError({place.text(), " must begin at a multiple of 8 bytes of its buffer"});
    }
    return static_cast<std::uint64_t*>(data);
  }

  /// Offsets and data of a text, offsets and child of a list.
  void give(napi_value handle, const Output& output) {
    const auto& offsets = output.text != nullptr ? output.text->offsets() : output.list->offsets();
    set(handle, "offsets", make_typed_array(env_, napi_int32_array, offsets.data(), offsets.size(), sizeof(std::int32_t)));
    if (output.text != nullptr) {
      const auto& bytes = output.text->bytes();
      set(handle, "data", make_typed_array(env_, napi_uint8_array, bytes.data(), bytes.size(), 1));
    } else {
      const OwnedColumn& elements = output.list->elements();
      set(handle, "child", column(elements.output(), elements.rows()));
    }
  }

  /// A column that C++ owns, as JavaScript's.
  napi_value column(const Output& output, std::int64_t rows) {
    napi_value object = nullptr;
    check(env_, napi_create_object(env_, &object));
    napi_value validity = nullptr;
    check(env_, napi_get_null(env_, &validity));
    if (output.validity != nullptr) {
      const auto bytes = static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t);
      validity = make_typed_array(env_, napi_uint8_array, output.validity, bytes, 1);
    }
    set(object, "validity", validity);
    const Kind kind = output.type->kind;
    if (kind == Kind::Struct) {
      napi_value children = nullptr;
      check(env_, napi_create_array(env_, &children));
      for (std::size_t index = 0; index < output.type->children.size(); ++index) {
        check(env_, napi_set_element(env_, children, static_cast<std::uint32_t>(index), column(output.children[index], rows)));
      }
      set(object, "children", children);
    } else if (is_flat(kind)) {
      const auto length = static_cast<std::size_t>(array_length(kind, rows));
      const std::size_t width = kind == Kind::Decimal ? 8 : width_of(kind);
      set(object, "values", make_typed_array(env_, array_type(kind), output.values, length, width));
    } else {
      give(object, output);
    }
    return object;
  }

  void set(napi_value object, const char* name, napi_value value) {
    check(env_, napi_set_named_property(env_, object, name, value));
  }

  napi_env env_;
  std::int64_t rows_;
  Output output_;
  std::vector<Grown> grown_;
  std::forward_list<TextOutput> texts_;
  std::forward_list<ListOutput> lists_;
  std::forward_list<std::vector<Output>> fields_;
};

}  // namespace udf::detail::node
