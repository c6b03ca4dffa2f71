#include <cstdlib>
#include <cstring>
#include <new>

#include "arrow.h"
#include "messages.h"

namespace udf::detail {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
using Buffer = std::unique_ptr<void, Free>;

/// Memory as Arrow recommends it: 64-byte aligned, and its size a multiple of 64.
Buffer allocate(std::size_t bytes) {
  const std::size_t padded = (bytes + 63) / 64 * 64;
  Buffer buffer(std::aligned_alloc(64, padded == 0 ? 64 : padded));
  if (!buffer) throw std::bad_alloc();
  return buffer;
}

Buffer copy_of(const void* bytes, std::size_t size) {
  Buffer buffer = allocate(size);
  if (size > 0) std::memcpy(buffer.get(), bytes, size);
  return buffer;
}

const char* format_of(Type type) {
  switch (type) {
    case Type::Bool:
      return "b";
    case Type::Int32:
      return "i";
    case Type::Int64:
      return "l";
    case Type::Float:
      return "f";
    case Type::Double:
      return "g";
    case Type::String:
      return "u";
  }
  return "";
}

std::size_t storage_size(Type type) {
  switch (type) {
    case Type::Bool:
      return 1;
    case Type::Int32:
    case Type::Float:
      return 4;
    case Type::Int64:
    case Type::Double:
    case Type::String:
      break;
  }
  return 8;
}

/// What an exported schema owns.
struct SchemaParts {
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};

/// What an exported array owns.
struct ArrayParts {
  std::vector<Buffer> buffers;
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

ArrowSchema export_schema(const char* format, const std::string& name, bool nullable,
                          std::vector<ArrowSchema> children = {}) {
  auto parts = std::make_unique<SchemaParts>();
  parts->name = name;
  parts->children = std::move(children);
  for (ArrowSchema& child : parts->children) parts->child_pointers.push_back(&child);
  ArrowSchema schema{};
  schema.format = format;
  schema.name = parts->name.c_str();
  schema.flags = nullable ? ARROW_FLAG_NULLABLE : 0;
  schema.n_children = static_cast<std::int64_t>(parts->children.size());
  schema.children = parts->child_pointers.data();
  schema.release = &release<ArrowSchema, SchemaParts>;
  schema.private_data = parts.release();
  return schema;
}

ArrowArray export_array(std::int64_t rows, std::int64_t nulls, std::vector<Buffer> buffers,
                        std::vector<ArrowArray> children = {}) {
  auto parts = std::make_unique<ArrayParts>();
  parts->buffers = std::move(buffers);
  parts->children = std::move(children);
  for (const Buffer& buffer : parts->buffers) parts->buffer_pointers.push_back(buffer.get());
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

/// Where a kernel writes, until it is handed over as Arrow arrays.
class ResultColumns {
 public:
  ResultColumns(const Function& function, std::int64_t rows)
      : function_(function), rows_(rows), mask_bytes_(static_cast<std::size_t>(word_count(rows)) * 8) {
    validity_ = allocate(mask_bytes_);
    leaves_.resize(function.leaves.size());
    for (std::size_t index = 0; index < leaves_.size(); ++index) {
      const Type type = function.leaves[index].type;
      masks_.push_back(allocate(mask_bytes_));
      leaves_[index].validity = static_cast<std::uint64_t*>(masks_.back().get());
      values_.push_back(allocate(type == Type::String ? 0 : static_cast<std::size_t>(rows) * storage_size(type)));
      leaves_[index].values = values_.back().get();
      leaves_[index].text = type != Type::String ? nullptr : &texts_.emplace_front(rows);
    }
  }

  Output output() { return {static_cast<std::uint64_t*>(validity_.get()), leaves_.data()}; }

  ArrowSchema schema() const {
    if (function_.struct_name.empty()) return export_schema(format_of(function_.leaves[0].type), function_.name, true);
    std::vector<ArrowSchema> children;
    for (const Field& leaf : function_.leaves) children.push_back(export_schema(format_of(leaf.type), leaf.name, true));
    return export_schema("+s", function_.name, true, std::move(children));
  }

  /// Hands the memory over; call it once.
  ArrowArray array(std::int64_t nulls) {
    if (function_.struct_name.empty()) return leaf_array(0);
    std::vector<ArrowArray> children;
    for (std::size_t index = 0; index < leaves_.size(); ++index) children.push_back(leaf_array(index));
    std::vector<Buffer> buffers;
    buffers.push_back(nulls == 0 ? nullptr : std::move(validity_));
    return export_array(rows_, nulls, std::move(buffers), std::move(children));
  }

 private:
  ArrowArray leaf_array(std::size_t index) {
    const Leaf& leaf = leaves_[index];
    std::int64_t nulls = rows_;
    for (std::int64_t word = 0; word < word_count(rows_); ++word) nulls -= __builtin_popcountll(leaf.validity[word]);
    std::vector<Buffer> buffers;
    buffers.push_back(nulls == 0 ? nullptr : std::move(masks_[index]));
    if (leaf.text != nullptr) {
      const auto& offsets = leaf.text->offsets();
      buffers.push_back(copy_of(offsets.data(), offsets.size() * sizeof(std::int32_t)));
      buffers.push_back(copy_of(leaf.text->bytes().data(), leaf.text->bytes().size()));
    } else if (function_.leaves[index].type == Type::Bool) {
      buffers.push_back(packed(static_cast<const std::uint8_t*>(leaf.values)));
    } else {
      buffers.push_back(std::move(values_[index]));
    }
    return export_array(rows_, nulls, std::move(buffers));
  }

  /// Booleans as bits.
  Buffer packed(const std::uint8_t* flags) const {
    Buffer buffer = allocate(mask_bytes_);
    auto* const words = static_cast<std::uint64_t*>(buffer.get());
    std::memset(words, 0, mask_bytes_);
    for (std::int64_t row = 0; row < rows_; ++row) {
      words[row / word_rows] |= static_cast<std::uint64_t>(flags[row] != 0) << (row % word_rows);
    }
    return buffer;
  }

  const Function& function_;
  std::int64_t rows_;
  std::size_t mask_bytes_;
  Buffer validity_;
  std::vector<Buffer> masks_;
  std::vector<Buffer> values_;
  std::vector<Leaf> leaves_;
  std::forward_list<TextOutput> texts_;
};

}  // namespace

void call_arrow(const Function& function, const std::vector<ArrowColumn>& columns, ArrowSchema& result_schema,
                ArrowArray& result_array) {
  check_count(function, columns.size());
  ArrowInputs reader;
  std::vector<Input> inputs;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const Place place = Place::argument(function, index);
    inputs.push_back(reader.read(columns[index], function.arguments[index], place));
    const std::int64_t rows = columns[index].array->length;
    if (rows != columns[0].array->length) {
      throw UsageError({place.text(), " has ", std::to_string(rows), " rows, and the first argument has ",
                        std::to_string(columns[0].array->length)});
    }
  }
  const std::int64_t rows = columns[0].array->length;
  ResultColumns result(function, rows);
  const std::int64_t nulls = run(function, inputs.data(), result.output(), rows);
  result_schema = result.schema();
  result_array = result.array(nulls);
}

}  // namespace udf::detail
