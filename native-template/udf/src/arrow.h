#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "arena.h"
#include "messages.h"
#include "runtime.h"
#include "udf/abi.h"

namespace udf::detail {

/// An Arrow array as it comes from a host. Both are borrowed.
struct ArrowColumn {
  const ArrowSchema* schema;
  const ArrowArray* array;
};

/// The Arrow format that results of a kind have, and most arguments; a decimal's depends on its digits.
std::string_view usual_format(Kind kind);

/// How texts are had: as views, or, where the array has offsets of 32 bits, at these, which spares making the views.
enum class TextForm { Views, Offsets };

/// What `function` reads: what takes whole columns may want views of all rows.
inline TextForm text_form(const Function& function) {
  const bool by_rows = function.kind == FunctionKind::Row || function.kind == FunctionKind::Table;
  return by_rows ? TextForm::Offsets : TextForm::Views;
}

/// The column in the form that kernels read. Everything that can be checked of an array is checked here: Arrow tells how
/// many rows there are, not how long the buffers are. What had to be converted lies in `arena`. Throws UsageError when
/// `column` does not fit `type`, or is malformed; `place` begins the message.
Input import_arrow(const ArrowColumn& column, const Type& type, const Place& place, Arena& arena,
                   TextForm texts = TextForm::Views);

/// Computes `function` over columns and gives the result to the caller, who releases both structs. Throws UsageError,
/// RowError, StateError; then both are untouched.
void call_arrow(const Function& function, const std::vector<ArrowColumn>& columns, ArrowSchema& result_schema,
                ArrowArray& result_array);

}  // namespace udf::detail
