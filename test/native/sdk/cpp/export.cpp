#include "udf/abi.h"
#include "written.h"

using namespace udf::detail;
using laid::Array;

namespace {

/// An exported result, which is released with it.
struct Exported {
  ArrowSchema schema{};
  ArrowArray array{};
  Exported() = default;
  Exported(const Exported&) = delete;
  ~Exported() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

struct Pair {
  bool flag;
  std::vector<std::optional<std::string>> names;
};
UDF_STRUCT(Pair, flag, names)

std::optional<Pair> pair(std::int32_t x) {
  if (x < 0) return std::nullopt;
  std::vector<std::optional<std::string>> names(static_cast<std::size_t>(x));
  if (x > 0) names[0] = "x" + std::to_string(x);
  return Pair{x % 2 == 0, names};
}

const Function& pair_function() {
  static const auto functions = registered([](udf::Module& m) { m.row<pair>("pair", "x"_a); });
  return *functions[0];
}

void call(const Function& function, Array argument, Exported& result) {
  call_arrow(function, {argument.arrow()}, result.schema, result.array);
}

}  // namespace

TEST_SUITE_BEGIN("export to Arrow");

TEST_CASE("a result is an Arrow array that import reads") {
  Exported result;
  call(pair_function(), Array("i", 4).bits("1101").values<std::int32_t>({2, -1, 0, 1}), result);
  CHECK(result.schema.format == "+s"sv);
  CHECK(result.schema.name == "pair"sv);
  CHECK(result.array.null_count == 2);
  CHECK(result.schema.children[0]->format == "b"sv);
  CHECK(result.schema.children[1]->format == "+l"sv);
  CHECK(result.schema.children[1]->children[0]->format == "u"sv);
  Arena arena;
  const Type type = type_of<Pair>();
  const Input column =
      import_arrow({&result.schema, &result.array}, type, Place::argument(pair_function(), 0), arena);
  CHECK(shown_rows<std::optional<Pair>>(column) == "{flag: true names: ['x2' null]} null null {flag: false names: ['x1']}"sv);
}

TEST_CASE("a child that its owner takes out stays when the rest is released, and nothing is freed twice or kept") {
  ArrowArray child{};
  {
    Exported result;
    call(pair_function(), Array("i", 1).none().values<std::int32_t>({3}), result);
    child = *result.array.children[1];
    result.array.children[1]->release = nullptr;
  }
  const auto* const offsets = static_cast<const std::int32_t*>(child.buffers[1]);
  CHECK(offsets[1] == 3);
  child.release(&child);
  CHECK((child.release == nullptr));
}

TEST_CASE("no rows, and a call that fails, leave nothing behind") {
  {
    Exported result;
    call(pair_function(), Array("i", 0).none().none(), result);
    CHECK(result.array.length == 0);
  }
  Exported result;
  CHECK_THROWS_AS(call(pair_function(), Array("g", 1).none().values<double>({1}), result), UsageError);
  CHECK((result.array.release == nullptr));
  CHECK((result.schema.release == nullptr));
}

TEST_CASE("the C door refuses what is missing, and its errors are released") {
  UdfError error{};
  CHECK(udf_call_arrow(0, 1, nullptr, nullptr, nullptr, nullptr, &error) == UDF_USAGE_ERROR);
  CHECK(error.message == "udf_call_arrow() takes arrays with their schemas, and places for a result"sv);
  error.release(&error);
  CHECK(error.message == nullptr);
  CHECK(udf_call_arrow(99, 0, nullptr, nullptr, nullptr, nullptr, &error) == UDF_USAGE_ERROR);
  CHECK(error.message == "there is no function 99; the module has 1"sv);
  error.release(&error);
  const ArrowSchema* const schema = nullptr;
  const ArrowArray* const array = nullptr;
  Exported result;
  CHECK(udf_call_arrow(0, 1, &schema, &array, &result.schema, &result.array, &error) == UDF_USAGE_ERROR);
  CHECK(error.message == "same(): argument \"value\" is missing"sv);
  error.release(&error);
}

TEST_SUITE_END();
