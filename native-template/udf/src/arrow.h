#pragma once

#include <cstdint>
#include <forward_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "messages.h"
#include "runtime.h"
#include "udf/abi.h"

namespace udf::detail {

/// An Arrow array as it comes from a host. Both are borrowed.
struct ArrowColumn {
  const ArrowSchema* schema;
  const ArrowArray* array;
};

/// Turns Arrow arrays into the kernels' form, and keeps what it had to convert.
class ArrowInputs {
 public:
  /// Throws UsageError when `column` does not fit `field`, or is malformed. `place` begins the message.
  Input read(const ArrowColumn& column, const Field& field, const Place& place);

 private:
  using Words = std::vector<std::uint64_t>;

  const std::uint64_t* validity(const ArrowArray& array, const Place& place);
  const void* values(const ArrowArray& array, Type type, bool large, const Place& place);

  std::forward_list<Words> words_;
  std::forward_list<std::vector<std::uint8_t>> bytes_;
  std::forward_list<std::vector<std::string_view>> views_;
};

/// Computes `function` over columns and gives the result to the caller, who releases both structs. Throws UsageError,
/// RowError, StateError; then both are untouched.
void call_arrow(const Function& function, const std::vector<ArrowColumn>& columns, ArrowSchema& result_schema,
                ArrowArray& result_array);

}  // namespace udf::detail
