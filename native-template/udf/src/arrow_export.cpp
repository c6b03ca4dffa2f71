#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow.h"
#include "bits.h"
#include "defaults.h"
#include "messages.h"

namespace udf::detail {
namespace {

std::string format_of(const Type& type) {
  if (type.kind == Kind::Decimal) return joined({"d:", std::to_string(type.precision), ",", std::to_string(type.scale)});
  return std::string(usual_format(type.kind));
}

/// A call must not cost much for few rows, so what is exported lies in as few pieces of memory as its form allows.

/// What an exported schema owns.
struct SchemaParts {
  std::string format;
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};

/// What an exported array owns. No form that we give has more than three buffers.
struct ArrayParts {
  std::array<Memory, 3> buffers;
  std::array<const void*, 3> buffer_pointers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

template <class Exported>
std::vector<Exported*> pointers_to(std::vector<Exported>& children) {
  std::vector<Exported*> pointers(children.size());
  std::transform(children.begin(), children.end(), pointers.begin(), [](Exported& child) { return &child; });
  return pointers;
}

/// Releases children, unless their new owner has moved them out, and then the struct itself.
template <class Exported, class Parts>
void release(Exported* exported) {
  const std::unique_ptr<Parts> parts(static_cast<Parts*>(exported->private_data));
  for (Exported& child : parts->children) {
    if (child.release != nullptr) child.release(&child);
  }
  exported->release = nullptr;
}

/// A null row makes the fields of a struct null, whether or not they may be by themselves, so everything is nullable.
ArrowSchema schema_of(const Type& type, std::string_view name) {
  auto parts = std::make_unique<SchemaParts>();
  parts->format = format_of(type);
  parts->name = name;
  parts->children.reserve(type.children.size());
  for (const Field& child : type.children) {
    parts->children.push_back(schema_of(child.type, type.kind == Kind::List ? "item" : child.name));
  }
  parts->child_pointers = pointers_to(parts->children);
  ArrowSchema schema{};
  schema.format = parts->format.c_str();
  schema.name = parts->name.c_str();
  schema.flags = ARROW_FLAG_NULLABLE;
  schema.n_children = static_cast<std::int64_t>(parts->children.size());
  schema.children = parts->child_pointers.data();
  schema.release = &release<ArrowSchema, SchemaParts>;
  schema.private_data = parts.release();
  return schema;
}

ArrowArray export_array(std::int64_t rows, std::int64_t nulls, std::int64_t buffers, std::unique_ptr<ArrayParts> parts) {
  std::transform(parts->buffers.begin(), parts->buffers.end(), parts->buffer_pointers.begin(),
                 [](const Memory& buffer) { return buffer.get(); });
  parts->child_pointers = pointers_to(parts->children);
  ArrowArray array{};
  array.length = rows;
  array.null_count = nulls;
  array.n_buffers = buffers;
  array.n_children = static_cast<std::int64_t>(parts->children.size());
  array.buffers = parts->buffer_pointers.data();
  array.children = parts->child_pointers.data();
  array.release = &release<ArrowArray, ArrayParts>;
  array.private_data = parts.release();
  return array;
}

/// Booleans as bits.
Memory packed(const std::uint8_t* flags, std::int64_t rows) {
  const std::size_t bytes = static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t);
  Memory memory = allocate(bytes);
  auto* const words = static_cast<std::uint64_t*>(memory.get());
  std::memset(words, 0, bytes);
  for (std::int64_t first = 0; first < rows; first += 8) {
    // the memory goes on after the last row
    std::uint64_t eight = 0;
    std::memcpy(&eight, flags + first, sizeof eight);
    const std::uint64_t bits = bits_of_bytes(eight & 0x0101010101010101) & first_rows(rows - first);
    words[first / word_rows] |= bits << (first % word_rows);
  }
  return memory;
}

Memory copy_of_mask(const Memory& mask, std::int64_t rows) {
  if (!mask) return nullptr;
  const std::size_t bytes = static_cast<std::size_t>(word_count(rows)) * sizeof(std::uint64_t);
  Memory copy = allocate(bytes);
  std::memcpy(copy.get(), mask.get(), bytes);
  return copy;
}

ArrowArray array_of(OwnedColumn& column);

/// Hands the memory of a column over, of which so many rows are null; `validity` is its mask if there are any.
ArrowArray array_of(OwnedColumn& column, std::int64_t nulls, Memory mask) {
  const Output output = column.output();
  const std::int64_t rows = column.rows();
  auto parts = std::make_unique<ArrayParts>();
  auto& [validity, second, third] = parts->buffers;
  std::int64_t buffers = 2;
  validity = std::move(mask);
  if (output.text != nullptr) {
    second = output.text->take_offsets();
    third = output.text->take_bytes();
    buffers = 3;
  } else if (output.list != nullptr) {
    second = output.list->take_offsets();
    parts->children.push_back(array_of(output.list->elements()));
  } else if (output.type->kind == Kind::Bool) {
    second = packed(static_cast<const std::uint8_t*>(output.values), rows);
  } else if (output.values != nullptr) {
    second = column.take_values();
  } else {
    buffers = 1;
  }
  parts->children.reserve(parts->children.size() + column.children().size());
  for (OwnedColumn& child : column.children()) {
    // a field that cannot be null by itself is null with its struct
    const bool follows = !child.output().nullable;
    parts->children.push_back(follows ? array_of(child, nulls, copy_of_mask(validity, rows)) : array_of(child));
  }
  return export_array(rows, nulls, buffers, std::move(parts));
}

ArrowArray array_of(OwnedColumn& column) {
  const std::uint64_t* const validity = column.output().validity;
  const std::int64_t nulls = validity == nullptr ? 0 : count_nulls(validity, column.rows());
  return array_of(column, nulls, nulls == 0 ? nullptr : column.take_validity());
}

}  // namespace

void call_arrow(const Function& function, const std::vector<ArrowColumn>& columns, ArrowSchema& result_schema,
                ArrowArray& result_array) {
  check_count(function, columns.size());
  Arena arena;
  std::vector<Input> inputs;
  inputs.reserve(function.arguments.size());
  const TextForm texts = text_form(function);
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const Place place = Place::argument(function, index);
    inputs.push_back(import_arrow(columns[index], function.arguments[index].type, place, arena, texts));
    if (inputs[index].rows != inputs[0].rows) {
      throw UsageError({place.text(), " has ", std::to_string(inputs[index].rows), " rows, and the first argument has ",
                        std::to_string(inputs[0].rows)});
    }
  }
  const std::int64_t rows = inputs.empty() ? 0 : inputs[0].rows;
  for (std::size_t index = columns.size(); index < function.arguments.size(); ++index) {
    inputs.push_back(column_of_default(*function.default_of(index), function.arguments[index].type, rows, arena));
  }
  OwnedColumn result(function.result.type, {true, true, Masks::Nullable}, rows);
  const std::int64_t nulls = run(function, inputs.data(), result.output(), rows);
  result_schema = schema_of(function.result.type, function.name);
  result_array = array_of(result, nulls, nulls == 0 ? nullptr : result.take_validity());
}

}  // namespace udf::detail
