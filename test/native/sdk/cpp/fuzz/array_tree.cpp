#include "array_tree.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "arrow.h"

namespace fuzz {

using udf::detail::Field;
using udf::detail::Kind;
using udf::detail::Type;

namespace {

std::unique_ptr<char[]> exact_copy(std::string_view text) {
  auto copy = std::make_unique<char[]>(text.size() + 1);
  std::memcpy(copy.get(), text.data(), text.size());
  return copy;
}

template <class T, class At>
std::unique_ptr<T*[]> exact_pointers(std::int64_t count, const At& at) {
  const auto size = static_cast<std::size_t>(count < 0 ? 0 : count);
  auto pointers = std::make_unique<T*[]>(size);
  for (std::size_t index = 0; index < size; ++index) pointers[index] = at(index);
  return pointers;
}

/// The number of `w:3` and `+w:3`; 0 where there is none that an array could have.
std::int64_t width_in(std::string_view format) {
  const std::int64_t width = std::atoll(format.data() + format.find(':') + 1);
  return width < 0 || width > INT32_MAX ? 0 : width;
}

std::string format_for(const Type& type, Choices& choices) {
  switch (type.kind) {
    case Kind::String:
      return choices.of<const char*>({"u", "U", "vu"});
    case Kind::Bytes:
      return choices.of<const char*>({"z", "Z", "vz", "w:3", "w:0", "w:2147483647"});
    case Kind::Date:
      return choices.of<const char*>({"tdD", "tdm"});
    case Kind::Timestamp:
      return choices.of<const char*>({"tsu:UTC", "tss:UTC", "tsm:UTC", "tsn:UTC"});
    case Kind::LocalTimestamp:
      return choices.of<const char*>({"tsu:", "tss:", "tsm:", "tsn:"});
    case Kind::Decimal:
      return choices.of<const char*>({"d:18,2", "d:38,0", "d:5,4", "d:38,38", "d:1,0,128"});
    case Kind::List:
      return choices.of<const char*>({"+l", "+L", "+vl", "+vL", "+w:2", "+w:0", "+w:2147483647"});
    default:
      return std::string(udf::detail::usual_format(type.kind));
  }
}

}  // namespace

ArrayTree::ArrayTree(const Field& field, Choices& choices, std::int64_t rows, int depth)
    : choices_(choices), schema_(std::make_unique<ArrowSchema>()), array_(std::make_unique<ArrowArray>()) {
  choose_format(field.type);
  name_ = exact_copy(choices_.once_in(32) ? "other" : field.name);
  schema_->name = choices_.once_in(64) ? nullptr : name_.get();
  schema_->release = [](ArrowSchema*) {};
  array_->release = [](ArrowArray*) {};
  choose_lengths(rows);
  if (depth < 4 && choices_.once_in(10)) {
    choose_dictionary(field, depth);
  } else {
    make_buffers(field.type);
    make_children(field.type, depth);
  }
  damage();
}

ArrayTree::~ArrayTree() = default;

void ArrayTree::choose_format(const Type& type) {
  const std::uint8_t choice = choices_.byte();
  std::string format;
  if (choice < 220) {
    format = format_for(type, choices_);
  } else if (choice < 235) {
    format = "n";
  } else if (choice < 250) {
    format = choices_.of<const char*>({"", "i", "g", "u", "vu", "+s", "+l", "+w:", "+w:-1", "+w:x", "+r", "+ud:0", "w:", "w:9999999999",
                                       "d:", "d:1", "d:,", "d:40,2", "d:9,2,256", "ts", "tsu", "tsx:", "tdx", "\xff"});
  } else {
    format.resize(choices_.below(6));
    choices_.fill(format.data(), format.size());
  }
  format_ = exact_copy(format);
  schema_->format = choice == 255 ? nullptr : format_.get();
}

void ArrayTree::choose_lengths(std::int64_t rows) {
  const std::uint8_t choice = choices_.byte();
  const auto unusual = [&] {
    return choices_.of<std::int64_t>({64, 65, 130, -1, INT64_MIN, INT64_MAX, INT32_MAX, std::int64_t{1} << 40, (std::int64_t{1} << 40) + 1});
  };
  array_->length = choice >= 245 ? unusual() : rows > most || (rows > 0 && choice < 220) ? rows : choice % 12;
  const std::uint8_t before = choices_.byte();
  array_->offset = before < 150 ? 0 : before < 245 ? before % 12 : unusual();
  const std::uint8_t nulls = choices_.byte();
  array_->null_count = nulls < 160 ? -1 : nulls < 200 ? 0 : nulls < 250 ? nulls % 8 : choices_.index<std::int64_t>();
}

std::int64_t ArrayTree::rows_in_buffers() const {
  const std::int64_t length = array_->length;
  const std::int64_t offset = array_->offset;
  return length < 0 || offset < 0 || length > most || offset > most ? -1 : length + offset;
}

char* ArrayTree::add_buffer(std::int64_t bytes) {
  const bool left_out = choices_.once_in(40);
  if (left_out || bytes < 0 || bytes > most) {
    add_no_buffer();
    return nullptr;
  }
  memory_.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
  buffers_.push_back(memory_.back().get());
  return memory_.back().get();
}

void ArrayTree::add_bits() {
  const std::int64_t rows = rows_in_buffers();
  const std::int64_t bytes = rows < 0 ? -1 : (rows + 7) / 8;
  if (char* const bits = add_buffer(bytes)) choices_.fill(bits, static_cast<std::size_t>(bytes));
}

void ArrayTree::add_values(const Type& type) {
  const std::string_view format(schema_->format == nullptr ? "" : schema_->format);
  const bool wide = format == "tdm";
  const auto width = wide ? 8 : format.starts_with("w:") ? width_in(format) : static_cast<std::int64_t>(udf::detail::width_of(type.kind));
  const std::int64_t rows = rows_in_buffers();
  const std::int64_t bytes = rows < 0 ? -1 : rows * width;
  char* const values = add_buffer(bytes);
  if (values == nullptr) return;
  if (!choices_.once_in(4) && (wide || width == 16 || format.starts_with("ts"))) {
    // values that can be converted: whole days, whole microseconds, few digits
    const std::int64_t unit = wide ? 86'400'000 : 1000;
    for (std::int64_t at = 0; at < bytes; at += width) {
      const std::int64_t parts[2] = {static_cast<std::int8_t>(choices_.byte()) * unit, 0};
      std::memcpy(values + at, parts, static_cast<std::size_t>(width));
    }
  } else {
    choices_.fill(values, static_cast<std::size_t>(bytes));
  }
}

template <class Offset>
void ArrayTree::add_offsets(bool with_data) {
  const std::int64_t rows = rows_in_buffers();
  const std::int64_t bytes = rows < 0 ? -1 : (rows + 1) * static_cast<std::int64_t>(sizeof(Offset));
  char* const offsets = add_buffer(bytes);
  const bool rising = !choices_.once_in(4);
  auto last = choices_.once_in(24) ? choices_.index<Offset>() : static_cast<Offset>(choices_.below(3));
  for (std::int64_t row = 0; offsets != nullptr && row <= rows; ++row) {
    if (row > 0 || !rising) last = rising ? static_cast<Offset>(static_cast<std::uint64_t>(last) + choices_.below(4)) : choices_.index<Offset>();
    std::memcpy(offsets + static_cast<std::size_t>(row) * sizeof last, &last, sizeof last);
  }
  const std::int64_t size = offsets == nullptr ? 0 : last;
  inner_rows_ = size;
  if (!with_data) return;
  if (char* const data = add_buffer(size)) choices_.fill(data, static_cast<std::size_t>(size));
}

template <class Index>
void ArrayTree::add_indices(std::int64_t more) {
  const std::int64_t rows = rows_in_buffers();
  const std::int64_t bytes = rows < 0 ? -1 : (rows + more) * static_cast<std::int64_t>(sizeof(Index));
  char* const indices = add_buffer(bytes);
  const bool small = !choices_.once_in(4);
  for (std::int64_t row = 0; indices != nullptr && row < rows + more; ++row) {
    const Index index = small ? static_cast<Index>(choices_.below(4)) : choices_.index<Index>();
    std::memcpy(indices + static_cast<std::size_t>(row) * sizeof index, &index, sizeof index);
  }
}

void ArrayTree::add_views() {
  const std::int64_t rows = rows_in_buffers();
  char* const entries = add_buffer(rows < 0 ? -1 : rows * 16);
  for (std::int64_t row = 0; entries != nullptr && row < rows; ++row) {
    std::int32_t entry[4];
    choices_.fill(entry, sizeof entry);
    const std::uint8_t choice = choices_.byte();
    if (choice < 100) {
      entry[0] = static_cast<std::int32_t>(choices_.below(13));
    } else if (choice < 250) {
      entry[0] = static_cast<std::int32_t>(13 + choices_.below(8));
      entry[2] = choice < 225 ? 0 : choices_.index<std::int32_t>();
      entry[3] = choice < 200 ? static_cast<std::int32_t>(choices_.below(8)) : choices_.index<std::int32_t>();
    }
    std::memcpy(entries + row * 16, entry, sizeof entry);
  }
  std::vector<std::int64_t> sizes(choices_.below(4));
  for (std::int64_t& size : sizes) {
    size = choices_.once_in(16) ? choices_.index<std::int64_t>() : static_cast<std::int64_t>(16 + choices_.below(16));
    char* const data = add_buffer(size);
    if (data != nullptr) choices_.fill(data, static_cast<std::size_t>(size));
  }
  const auto bytes = static_cast<std::int64_t>(sizes.size() * sizeof(std::int64_t));
  if (char* const told = add_buffer(bytes); told != nullptr && bytes > 0) std::memcpy(told, sizes.data(), static_cast<std::size_t>(bytes));
}

void ArrayTree::choose_dictionary(const Field& field, int depth) {
  const auto* const format = choices_.of<const char*>({"c", "C", "s", "S", "i", "I", "l", "L", "f", "n", "u"});
  format_ = exact_copy(format);
  schema_->format = format_.get();
  add_bits();
  switch (format[0]) {
    case 'c':
    case 'C':
      add_indices<std::int8_t>(0);
      break;
    case 's':
    case 'S':
      add_indices<std::int16_t>(0);
      break;
    case 'i':
    case 'I':
    case 'f':
      add_indices<std::int32_t>(0);
      break;
    default:
      add_indices<std::int64_t>(0);
      break;
  }
  dictionary_ = std::make_unique<ArrayTree>(field, choices_, 4, depth + 1);
  schema_->dictionary = dictionary_->schema();
  array_->dictionary = dictionary_->array();
  if (choices_.once_in(40)) schema_->dictionary = schema_.get();
  if (choices_.once_in(40)) array_->dictionary = array_.get();
  if (choices_.once_in(40)) array_->dictionary = nullptr;
}

void ArrayTree::make_buffers(const Type& type) {
  const std::string_view format(schema_->format == nullptr ? "" : schema_->format);
  if (format == "n") return;
  add_bits();
  if (format == "+s" || format.starts_with("+w:")) {
    inner_rows_ = rows_in_buffers() * (format == "+s" ? 1 : width_in(format));
    return;
  }
  if (format.starts_with("+v")) inner_rows_ = 6;
  if (format == "+vl") {
    add_indices<std::int32_t>(0);
    add_indices<std::int32_t>(0);
  } else if (format == "+vL") {
    add_indices<std::int64_t>(0);
    add_indices<std::int64_t>(0);
  } else if (format == "+l" || format == "u" || format == "z") {
    add_offsets<std::int32_t>(format != "+l");
  } else if (format == "+L" || format == "U" || format == "Z") {
    add_offsets<std::int64_t>(format != "+L");
  } else if (format.starts_with('v')) {
    add_views();
  } else if (format == "b") {
    add_bits();
  } else {
    add_values(type);
  }
}

void ArrayTree::make_children(const Type& type, int depth) {
  const std::string_view format(schema_->format == nullptr ? "" : schema_->format);
  if (format == "n" || depth >= 6) return;
  for (const Field& field : type.children) {
    if (choices_.once_in(40)) continue;
    children_.push_back(std::make_unique<ArrayTree>(field, choices_, inner_rows_, depth + 1));
  }
}

void ArrayTree::damage() {
  // a count that is larger than what is there, or that makes data of a view's sizes, would be no mistake but a lie
  const auto buffers = static_cast<std::int64_t>(buffers_.size());
  array_->n_buffers = choices_.once_in(40) ? std::min(choices_.of<std::int64_t>({-1, INT64_MIN, 0, 1}), buffers) : buffers;
  buffer_pointers_ = exact_pointers<const void>(array_->n_buffers, [&](std::size_t index) { return buffers_[index]; });
  array_->buffers = choices_.once_in(64) ? nullptr : buffer_pointers_.get();

  const auto children = static_cast<std::int64_t>(children_.size());
  const auto fewer = [&] { return choices_.of<std::int64_t>({children / 2, -1, INT64_MIN, 0}); };
  schema_->n_children = array_->n_children = choices_.once_in(40) ? fewer() : children;
  if (choices_.once_in(64)) schema_->n_children = fewer();
  child_schemas_ = exact_pointers<ArrowSchema>(schema_->n_children, [&](std::size_t index) {
    return choices_.once_in(64) ? nullptr : children_[index]->schema();
  });
  child_arrays_ = exact_pointers<ArrowArray>(array_->n_children, [&](std::size_t index) {
    return choices_.once_in(64) ? nullptr : children_[index]->array();
  });
  schema_->children = choices_.once_in(64) ? nullptr : child_schemas_.get();
  array_->children = choices_.once_in(64) ? nullptr : child_arrays_.get();
  if (choices_.once_in(64)) schema_->release = nullptr;
  if (choices_.once_in(64)) array_->release = nullptr;
}

}  // namespace fuzz
