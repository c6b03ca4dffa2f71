#include "one_row.h"

#include "defaults.h"
#include "layouts.h"
#include "udf/row_error.h"

namespace udf::detail {

OneRow::OneRow(const Function& function, std::size_t given) : function_(function) {
  for (std::size_t index = 0; index < given; ++index) inputs_[index] = {&arguments_[index], nullptr, nullptr, 1};
  for (std::size_t index = given; index < function.arguments.size(); ++index) {
    inputs_[index] = column_of_default(*function.default_of(index), function.arguments[index].type, 1, arena_);
  }
  const Type& type = function.result.type;
  if (type.kind == Kind::Struct) {
    for (std::size_t index = 0; index < type.children.size(); ++index) {
      bind(fields_[index], type.children[index].type, type.children[index].nullable, index);
      fields_[index].validity = &present_[index];
    }
    result_ = {&type, true, &whole_, nullptr, nullptr, nullptr, fields_.data()};
  } else {
    bind(result_, type, true, 0);
    result_.validity = &whole_;
  }
}

void OneRow::bind(Output& output, const Type& type, bool nullable, std::size_t slot) {
  if (type.kind == Kind::Struct) {
    output = structs_.emplace_front(type, OwnedColumn::Options{nullable, true, Masks::Declared}, 1).output();
    return;
  }
  output = {&type, nullable, nullptr, nullptr, nullptr, nullptr, nullptr};
  if (is_text(type.kind)) {
    output.text = &texts_.emplace_front(1);
  } else if (type.kind == Kind::List) {
    output.list = &lists_.emplace_front(type.children[0], Masks::Declared, 1);
  } else {
    output.values = &results_[slot];
  }
}

const Output& OneRow::nested_argument(std::size_t index) {
  nested_.push_front({index, &arena_.column(function_.arguments[index].type, 1)});
  return nested_.front().column->output();
}

bool OneRow::compute() {
  for (const auto& [argument, column] : nested_) {
    column->finish();
    inputs_[argument] = as_input(column->output(), 1, arena_);
  }
  try {
    return run(function_, inputs_.data(), result_, 1) == 0;
  } catch (RowError& error) {
    error.leave_batch();
    throw;
  }
}

}  // namespace udf::detail
