#include <cstring>
#include <memory>
#include <string>
#include <utility>

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

/// What an exported schema owns.
struct SchemaParts {
  std::string format;
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};

/// What an exported array owns.
struct ArrayParts {
  std::vector<Memory> buffers;
  std::vector<const void*> buffer_pointers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

/// Releases children, unless their new owner has moved them out, and then the struct itself.
template <class Exported, class Parts>
void release(Exported* exported) {
  const std::unique_ptr<Parts> parts(static_cast<Parts*>(exported->private_data));
  for (Exported& child : parts->children) {
    if (child.release != nullptr) child.release(&child);
  }
  exported->release = nullptr;
}

ArrowSchema export_schema(const std::string& format, const std::string& name, bool nullable,
                          std::vector<ArrowSchema> children = {}) {
  auto parts = std::make_unique<SchemaParts>();
  parts->format = format;
  parts->name = name;
  parts->children = std::move(children);
  for (ArrowSchema& child : parts->children) parts->child_pointers.push_back(&child);
  ArrowSchema schema{};
  schema.format = parts->format.c_str();
  schema.name = parts->name.c_str();
  schema.flags = nullable ? ARROW_FLAG_NULLABLE : 0;
  schema.n_children = static_cast<std::int64_t>(parts->children.size());
  schema.children = parts->child_pointers.data();
  schema.release = &release<ArrowSchema, SchemaParts>;
  schema.private_data = parts.release();
  return schema;
}

ArrowArray export_array(std::int64_t rows, std::int64_t nulls, std::vector<Memory> buffers,
                        std::vector<ArrowArray> children = {}) {
  auto parts = std::make_unique<ArrayParts>();
  parts->buffers = std::move(buffers);
  parts->children = std::move(children);
  for (const Memory& buffer : parts->buffers) parts->buffer_pointers.push_back(buffer.get());
  for (ArrowArray& child : parts->children) parts->child_pointers.push_back(&child);
  ArrowArray array{};
  array.length = rows;
  array.null_count = nulls;
  array.n_buffers = static_cast<std::int64_t>(parts->buffers.size());
  array.n_children = static_cast<std::int64_t>(parts->children.size());
  array.buffers = parts->buffer_pointers.data();
  array.children = parts->child_pointers.data();
  array.release = &release<ArrowArray, ArrayParts>;
  array.private_data = parts.release();
  return array;
}

ArrowSchema schema_of(const Field& field) {
  std::vector<ArrowSchema> children;
  for (const Field& child : field.type.children) {
    children.push_back(schema_of(field.type.kind == Kind::List ? Field{"item", child.type, child.nullable} : child));
  }
  // a null row makes the fields of a struct null, whether or not they may be by themselves
  return export_schema(format_of(field.type), field.name, true, std::move(children));
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

ArrowArray array_of(OwnedColumn& column);

/// Hands the memory of a column over, of which so many rows are null.
ArrowArray array_of(OwnedColumn& column, std::int64_t nulls) {
  const Output output = column.output();
  const std::int64_t rows = column.rows();
  std::vector<Memory> buffers;
  std::vector<ArrowArray> children;
  buffers.push_back(nulls == 0 ? nullptr : column.take_validity());
  if (output.text != nullptr) {
    buffers.push_back(output.text->take_offsets());
    buffers.push_back(output.text->take_bytes());
  } else if (output.list != nullptr) {
    buffers.push_back(output.list->take_offsets());
    children.push_back(array_of(output.list->elements()));
  } else if (output.type->kind == Kind::Bool) {
    buffers.push_back(packed(static_cast<const std::uint8_t*>(output.values), rows));
  } else if (output.values != nullptr) {
    buffers.push_back(column.take_values());
  }
  for (OwnedColumn& child : column.children()) {
    // a field that cannot be null by itself is null with its struct
    children.push_back(child.output().nullable ? array_of(child) : array_of(child, nulls));
  }
  return export_array(rows, nulls, std::move(buffers), std::move(children));
}

ArrowArray array_of(OwnedColumn& column) {
  const std::uint64_t* const validity = column.output().validity;
  return array_of(column, validity == nullptr ? 0 : count_nulls(validity, column.rows()));
}

}  // namespace

void call_arrow(const Function& function, const std::vector<ArrowColumn>& columns, ArrowSchema& result_schema,
                ArrowArray& result_array) {
  check_count(function, columns.size());
  Arena arena;
  std::vector<Input> inputs;
  inputs.reserve(function.arguments.size());
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const Place place = Place::argument(function, index);
    inputs.push_back(import_arrow(columns[index], function.arguments[index].type, place, arena));
    if (inputs[index].rows != inputs[0].rows) {
      throw UsageError({place.text(), " has ", std::to_string(inputs[index].rows), " rows, and the first argument has ",
                        std::to_string(inputs[0].rows)});
    }
  }
  const std::int64_t rows = inputs.empty() ? 0 : inputs[0].rows;
  for (std::size_t index = columns.size(); index < function.arguments.size(); ++index) {
    inputs.push_back(column_of_default(*function.default_of(index), function.arguments[index].type, rows, arena));
  }
  OwnedColumn result(function.result.type, {true, true, Masks::Declared}, rows);
  const std::int64_t nulls = run(function, inputs.data(), result.output(), rows);
  result_schema = schema_of({function.name, function.result.type, true});
  result_array = array_of(result, nulls);
}

}  // namespace udf::detail
