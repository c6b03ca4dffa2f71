#include "messages.h"

#include "runtime.h"

namespace udf::detail {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string Place::text() const {
  if (argument_ != none) return joined({function_->name, "(): argument \"", function_->arguments[argument_].name, "\"", part_});
  if (leaf_ == none) return joined({function_->name, "(): output", part_});
  return joined({function_->name, "(): output.leaves[", std::to_string(leaf_), "]", part_});
}

std::string_view plain_name(Type type) {
  switch (type) {
    case Type::Bool:
      return "a boolean";
    case Type::Int32:
      return "an integer of 32 bits";
    case Type::Int64:
      return "an integer of 64 bits";
    case Type::Float:
    case Type::Double:
      return "a number";
    case Type::String:
      return "a string";
  }
  return "";
}

void check_count(const Function& function, std::size_t given) {
  const std::size_t taken = function.arguments.size();
  if (given == taken) return;
  throw UsageError({function.name, "() takes ", std::to_string(taken), taken == 1 ? " argument" : " arguments", ", not ",
                    std::to_string(given)});
}

UsageError::UsageError(std::initializer_list<std::string_view> parts) : std::invalid_argument(joined(parts)) {}

}  // namespace udf::detail
