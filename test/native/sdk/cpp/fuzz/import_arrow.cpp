// The fuzz target: Arrow arrays, well-formed and malformed, into a function as any host would call it. What is refused is
// refused by an exception; what is accepted is read to the last byte. The sanitizers see everything else.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <new>

#include "../../types/kinds.h"
#include "array_tree.h"
#include "arrow.h"
#include "counts.h"
#include "null_rules.h"
#include "udf/row_error.h"

using namespace udf::detail;
using namespace udf::literals;

namespace {

std::vector<std::optional<std::string>> texts(udf::Column<std::optional<std::string_view>> column) {
  std::vector<std::optional<std::string>> copies;
  for (const auto text : column) copies.push_back(text ? std::optional<std::string>(*text) : std::nullopt);
  return copies;
}
void copied(std::span<const std::int64_t> values, std::span<std::int64_t> results) {
  std::copy(values.begin(), values.end(), results.begin());
}
class Longest {
 public:
  void add(std::string_view text, std::optional<bool>) {
    if (text.size() > longest_.size()) longest_ = text;
  }
  void merge(const Longest&) {}
  std::string finish() const { return longest_; }

 private:
  std::string longest_;
};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "the import gave %s\n", what);
  std::abort();
}

/// Reads all that a kernel may read of a column.
std::uint64_t read_all(const Input& column, const Type& type) {
  std::uint64_t sum = 0;
  const auto take = [&](const void* bytes, std::size_t size) {
    for (std::size_t index = 0; index < size; ++index) sum += static_cast<const unsigned char*>(bytes)[index];
  };
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (!is_valid(column.validity, row)) continue;
    if (is_text(type.kind)) {
      const auto text = static_cast<const std::string_view*>(column.values)[row];
      take(text.data(), text.size());
    } else if (type.kind == Kind::List) {
      const ListEntry entry = ListEntries(column)[row];
      const auto elements = static_cast<std::uint64_t>(column.children[0].rows);
      require(entry.first <= elements && entry.count <= elements - entry.first, "a list outside of its elements");
    } else if (type.kind != Kind::Struct) {
      const std::size_t width = width_of(type.kind);
      take(static_cast<const char*>(column.values) + static_cast<std::size_t>(row) * width, width);
    }
    if (type.kind == Kind::Bool) require(static_cast<const std::uint8_t*>(column.values)[row] <= 1, "a boolean that is neither 0 nor 1");
  }
  for (std::size_t index = 0; index < type.children.size(); ++index) {
    const Input& child = column.children[index];
    require(type.kind == Kind::List || child.rows == column.rows, "a field of other length than its struct");
    sum += read_all(child, type.children[index].type);
  }
  return sum;
}

/// Rows that nobody promised a buffer for, of nulls or of empty lists, may be more than there is time for.
bool is_small(const Input& column, const Type& type) {
  if (column.rows > 1 << 12) return false;
  for (std::size_t index = 0; index < type.children.size(); ++index) {
    if (!is_small(column.children[index], type.children[index].type)) return false;
  }
  return true;
}

/// False when an argument is refused, or is too large.
bool import_all(const Function& function, const std::vector<ArrowColumn>& columns) {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const Type& type = function.arguments[index].type;
    Arena arena;
    const Input column = import_arrow(columns[index], type, Place::argument(function, index), arena);
    if (!is_small(column, type)) return false;
    const std::uint64_t sum = read_all(column, type) + read_all(move_nulls_outward(column, type, arena), type);
    __asm__ volatile("" : : "r"(sum));  // so that all is read
  }
  return true;
}

void compute_all(const Function& function, const std::vector<ArrowColumn>& columns) {
  ArrowSchema schema{};
  ArrowArray array{};
  call_arrow(function, columns, schema, array);
  schema.release(&schema);
  array.release(&array);
}

}  // namespace

UDF_MODULE(sdk, m) {
  kinds::add_kind<bool>(m, "bool");
  kinds::add_kind<std::int8_t>(m, "int8");
  kinds::add_kind<std::uint16_t>(m, "uint16");
  kinds::add_kind<float>(m, "float");
  kinds::add_kind<kinds::Date>(m, "date");
  kinds::add_kind<kinds::Instant>(m, "timestamp");
  kinds::add_kind<kinds::LocalTime>(m, "local_timestamp");
  kinds::add_kind<kinds::Money>(m, "money");
  kinds::add_lists<bool>(m, "bool");
  kinds::add_lists<std::int64_t>(m, "int64");
  kinds::add_lists<kinds::Date>(m, "date");
  m.row<kinds::same<udf::Decimal<38, 10>>>("decimal", "value"_a);
  m.row<kinds::same_bytes>("bytes", "value"_a);
  m.row<kinds::maybe_bytes>("maybe_bytes", "value"_a);
  m.row<kinds::same_texts>("texts", "list"_a);
  m.row<kinds::same_maybe_texts>("maybe_texts", "list"_a);
  m.row<kinds::same_blobs>("blobs", "list"_a);
  m.row<kinds::maybe_list>("maybe_list", "list"_a);
  m.row<kinds::same_point>("point", "point"_a);
  m.row<kinds::maybe_point>("maybe_point", "point"_a);
  m.row<kinds::same_points>("points", "points"_a);
  m.row<kinds::same_maybe_points>("maybe_points", "points"_a);
  m.row<kinds::same_track>("track", "track"_a);
  m.row<kinds::same_nested>("nested", "lists"_a);
  m.row<kinds::same_stamp>("stamp", "stamp"_a);
  m.row<kinds::describe>("describe", "value"_a, "times"_a = 2, "unit"_a = " km", "loud"_a = std::nullopt);
  m.batch<texts>("batch_texts", "texts"_a);
  m.batch<copied>("copied", "values"_a);
  m.aggregate<Longest>("longest", "text"_a, "weight"_a);
}

Counts counts{};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  fuzz::Choices choices(bytes, size);
  const Registry& registry = Registry::get();
  const Function& function = registry.function(static_cast<std::int64_t>(choices.below(registry.size())));
  std::deque<fuzz::ArrayTree> trees;
  std::vector<ArrowColumn> columns;
  std::int64_t rows = 0;
  for (const Field& argument : function.arguments) {
    fuzz::ArrayTree& tree = trees.emplace_back(argument, choices, rows);
    columns.push_back({tree.schema(), tree.array()});
    rows = tree.array()->length;
  }
  ++counts.runs;
  try {
    if (!import_all(function, columns)) return 0;
    ++counts.accepted;
    compute_all(function, columns);
    ++counts.computed;
  } catch (const UsageError&) {
  } catch (const RowError&) {
  } catch (const std::bad_alloc&) {
  }
  return 0;
}
