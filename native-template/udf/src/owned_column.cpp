#include "udf/owned_column.h"

#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace udf::detail {
namespace {

std::size_t mask_bytes(std::int64_t rows) { return static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t); }

Memory moved_to(Memory old, std::size_t used, std::size_t bytes) {
  Memory larger = allocate(bytes);
  if (used > 0) std::memcpy(larger.get(), old.get(), used);
  return larger;
}

}  // namespace

Memory allocate(std::size_t bytes) {
  const std::size_t padded = (bytes + 63) / 64 * 64;
  Memory memory(std::aligned_alloc(64, padded == 0 ? 64 : padded));
  if (!memory) throw std::bad_alloc();
  return memory;
}

void clear(const Output& output, std::int64_t rows) {
  if (output.values != nullptr) std::memset(output.values, 0, static_cast<std::size_t>(rows) * width_of(output.type->kind));
  if (output.type->kind != Kind::Struct) return;
  for (std::size_t index = 0; index < output.type->children.size(); ++index) {
    const Output& field = output.children[index];
    clear(field, rows);
    if (field.nullable && field.validity != nullptr) std::memset(field.validity, 0, mask_bytes(rows));
  }
}

void finish(const Output& output, std::int64_t rows) {
  if (output.text != nullptr) output.text->finish();
  if (output.list != nullptr) output.list->finish();
  if (output.type->kind != Kind::Struct) return;
  for (std::size_t index = 0; index < output.type->children.size(); ++index) {
    const Output& field = output.children[index];
    const bool follows = !field.nullable && field.validity != nullptr && output.validity != nullptr;
    if (follows) std::memcpy(field.validity, output.validity, mask_bytes(rows));
    finish(field, rows);
  }
}

OwnedColumn::OwnedColumn(const Type& type, Options options, std::int64_t rows) : rows_(rows), capacity_(rows) {
  const auto [nullable, in_nullable, masks] = options;
  output_.type = &type;
  output_.nullable = nullable || masks == Masks::Everywhere;
  has_nulls_ = output_.nullable || in_nullable;
  is_only_values_ = is_flat(type.kind) && !has_nulls_;
  const std::size_t width = width_of(type.kind);
  if (width > 0) values_ = allocate(static_cast<std::size_t>(rows) * width);
  if (output_.nullable || (in_nullable && masks == Masks::Declared)) validity_ = allocate(mask_bytes(rows));
  if (is_text(type.kind)) text_ = std::make_unique<TextOutput>(rows);
  if (type.kind == Kind::List) list_ = std::make_unique<ListOutput>(type.children[0], masks, rows);
  if (type.kind == Kind::Struct) {
    children_.reserve(type.children.size());
    child_outputs_.reserve(type.children.size());
    for (const Field& field : type.children) {
      children_.emplace_back(field.type, Options{field.nullable, has_nulls_, masks}, rows);
    }
  }
  connect();
}

OwnedColumn::OwnedColumn(OwnedColumn&&) noexcept = default;
OwnedColumn::~OwnedColumn() = default;

void OwnedColumn::connect() {
  output_.validity = static_cast<std::uint64_t*>(validity_.get());
  output_.values = values_.get();
  output_.text = text_.get();
  output_.list = list_.get();
  child_outputs_.clear();
  for (const OwnedColumn& child : children_) child_outputs_.push_back(child.output_);
  output_.children = child_outputs_.data();
}

void OwnedColumn::reserve(std::int64_t rows) {
  const std::int64_t larger = rows < capacity_ * 2 ? capacity_ * 2 : rows;
  const std::size_t width = width_of(output_.type->kind);
  if (width > 0) {
    values_ = moved_to(std::move(values_), static_cast<std::size_t>(rows_) * width, static_cast<std::size_t>(larger) * width);
  }
  if (validity_) validity_ = moved_to(std::move(validity_), mask_bytes(rows_), mask_bytes(larger));
  capacity_ = larger;
}

void OwnedColumn::grow_all(std::int64_t rows) {
  if (rows == rows_) return;
  const bool moves = rows > capacity_;
  if (moves) reserve(rows);
  if (has_nulls_) {
    // a row that turns out to be null holds 0, as everywhere
    const std::size_t width = width_of(output_.type->kind);
    const auto used = static_cast<std::size_t>(rows_) * width;
    if (width > 0) std::memset(static_cast<char*>(values_.get()) + used, 0, static_cast<std::size_t>(rows) * width - used);
  }
  if (validity_) {
    const std::size_t words = mask_bytes(rows_);
    std::memset(static_cast<char*>(validity_.get()) + words, 0, mask_bytes(rows) - words);
  }
  if (text_) text_->grow(rows);
  if (list_) list_->grow(rows);
  for (OwnedColumn& child : children_) child.grow(rows);
  rows_ = rows;
  if (moves || !children_.empty()) connect();
}

void OwnedColumn::finish() { detail::finish(output_, rows_); }

void ListOutput::too_many() {
  throw std::length_error("the lists of one batch have more than 2,147,483,647 elements; use smaller batches");
}

}  // namespace udf::detail
