#include "one_row.h"

#include "udf/row_error.h"

namespace udf::detail {

OneRow::OneRow(const Function& function) : function_(function) {
  for (std::size_t index = 0; index < function.arguments.size(); ++index) {
    inputs_[index] = {&arguments_[index], nullptr};
  }
  for (std::size_t index = 0; index < function.leaves.size(); ++index) {
    const bool text = function.leaves[index].type == Type::String;
    leaves_[index] = {&results_[index], &present_[index], text ? &texts_.emplace_front(1) : nullptr};
  }
}

bool OneRow::compute() {
  try {
    return run(function_, inputs_.data(), {&whole_, leaves_.data()}, 1) == 0;
  } catch (RowError& error) {
    error.leave_batch();
    throw;
  }
}

}  // namespace udf::detail
