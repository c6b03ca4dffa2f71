#include "messages.h"

#include "runtime.h"

namespace udf::detail {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string Place::text() const {
  if (argument_ != none) {
    return joined({function_->name, "(): argument \"", function_->arguments[argument_].name, "\"", part_});
  }
  return joined({function_->name, "(): output", part_});
}

std::string plain_name(const Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return "a boolean";
    case Kind::Int8:
    case Kind::UInt8:
    case Kind::Int16:
    case Kind::UInt16:
    case Kind::Int32:
    case Kind::UInt32:
    case Kind::Int64:
    case Kind::UInt64: {
      const bool positive = type.kind == Kind::UInt8 || type.kind == Kind::UInt16 || type.kind == Kind::UInt32 ||
                            type.kind == Kind::UInt64;
      return joined({positive ? "a positive integer of " : "an integer of ", std::to_string(8 * width_of(type.kind)), " bits"});
    }
    case Kind::Float:
    case Kind::Double:
      return "a number";
    case Kind::String:
      return "a string";
    case Kind::Bytes:
      return "bytes";
    case Kind::Date:
      return "a date";
    case Kind::Timestamp:
      return "a timestamp";
    case Kind::LocalTimestamp:
      return "a timestamp without a time zone";
    case Kind::Decimal:
      return joined({"a decimal number of up to ", std::to_string(type.precision), " digits, ", std::to_string(type.scale),
                     " of them behind the point"});
    case Kind::List:
      return "a list";
    case Kind::Struct:
      break;
  }
  return "a struct";
}

void check_count(const Function& function, std::size_t given) {
  const std::size_t most = function.arguments.size();
  if (given >= function.required() && given <= most) return;
  const bool fixed = function.defaults.empty();
  throw UsageError({function.name, "() takes ", fixed ? "" : std::to_string(function.required()), fixed ? "" : " to ",
                    std::to_string(most), most == 1 ? " argument" : " arguments", ", not ", std::to_string(given)});
}

UsageError::UsageError(std::initializer_list<std::string_view> parts) : std::invalid_argument(joined(parts)) {}

}  // namespace udf::detail
