#include "describe.h"

#include <cstdio>
#include <cstring>

#include "udf/version.h"

namespace udf::detail {
namespace {

void append_text(std::string& json, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (code < 0x20) {
      json += "\\u00";
      json += hex[code >> 4];
      json += hex[code & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

void append_key(std::string& json, std::string_view key) {
  if (json.back() != '{') json += ',';
  append_text(json, key);
  json += ':';
}

void append_member(std::string& json, std::string_view key, std::string_view text) {
  append_key(json, key);
  append_text(json, text);
}

void append_flag(std::string& json, std::string_view key, bool value) {
  append_key(json, key);
  json += value ? "true" : "false";
}

void append_number(std::string& json, std::string_view key, int value) {
  append_key(json, key);
  json += std::to_string(value);
}

void append_fields(std::string& json, const std::vector<Field>& fields);

void append_type(std::string& json, const Field& field) {
  append_key(json, "type");
  const Type& type = field.type;
  if (type.kind == Kind::List) {
    json += "{\"list\":{";
    append_type(json, type.children[0]);
    json += "}}";
  } else if (type.kind == Kind::Struct) {
    json += '{';
    append_member(json, "struct", type.name);
    append_key(json, "fields");
    append_fields(json, type.children);
    json += '}';
  } else if (type.kind == Kind::Decimal) {
    json += "{\"decimal\":{";
    append_number(json, "precision", type.precision);
    append_number(json, "scale", type.scale);
    json += "}}";
  } else {
    append_text(json, kind_name(type.kind));
  }
  append_flag(json, "nullable", field.nullable);
}

void append_fields(std::string& json, const std::vector<Field>& fields) {
  json += '[';
  for (const Field& field : fields) {
    if (json.back() != '[') json += ',';
    json += '{';
    append_member(json, "name", field.name);
    append_type(json, field);
    json += '}';
  }
  json += ']';
}

template <class T>
T value_of(const Default& value) {
  T stored;
  std::memcpy(&stored, value.value.data(), sizeof stored);
  return stored;
}

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

/// As JSON; integers of 64 bits as text, since JSON's numbers may be doubles.
void append_default(std::string& json, const Default& value, const Type& type) {
  append_key(json, "default");
  if (value.null) {
    json += "null";
    return;
  }
  switch (type.kind) {
    case Kind::Bool:
      json += value.value[0] != std::byte{0} ? "true" : "false";
      return;
    case Kind::Int8:
      json += std::to_string(value_of<std::int8_t>(value));
      return;
    case Kind::Int16:
      json += std::to_string(value_of<std::int16_t>(value));
      return;
    case Kind::Int32:
      json += std::to_string(value_of<std::int32_t>(value));
      return;
    case Kind::UInt8:
      json += std::to_string(value_of<std::uint8_t>(value));
      return;
    case Kind::UInt16:
      json += std::to_string(value_of<std::uint16_t>(value));
      return;
    case Kind::UInt32:
      json += std::to_string(value_of<std::uint32_t>(value));
      return;
    case Kind::Int64:
      append_text(json, std::to_string(value_of<std::int64_t>(value)));
      return;
    case Kind::UInt64:
      append_text(json, std::to_string(value_of<std::uint64_t>(value)));
      return;
    case Kind::Float:
      json += number_text(static_cast<double>(value_of<float>(value)));
      return;
    case Kind::Double:
      json += number_text(value_of<double>(value));
      return;
    case Kind::String:
      append_text(json, value.text);
      return;
    // these have no default but null
    case Kind::Bytes:
    case Kind::Date:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
    case Kind::Decimal:
    case Kind::List:
    case Kind::Struct:
      return;
  }
}

void append_arguments(std::string& json, const Function& function) {
  append_key(json, "arguments");
  json += '[';
  for (std::size_t index = 0; index < function.arguments.size(); ++index) {
    const Field& argument = function.arguments[index];
    if (json.back() != '[') json += ',';
    json += '{';
    append_member(json, "name", argument.name);
    const bool is_group = function.kind == FunctionKind::Aggregate;
    append_type(json, is_group ? Field{"", argument.type.children[0].type, argument.nullable} : argument);
    const Default* const value = function.default_of(index);
    if (value != nullptr) append_default(json, *value, argument.type);
    json += '}';
  }
  json += ']';
}

}  // namespace

std::string_view kind_name(FunctionKind kind) {
  switch (kind) {
    case FunctionKind::Row:
      return "row";
    case FunctionKind::Batch:
      return "batch";
    case FunctionKind::Aggregate:
      return "aggregate";
    case FunctionKind::Table:
      return "table";
  }
  return "";
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Bool:
      return "bool";
    case Kind::Int8:
      return "int8";
    case Kind::Int16:
      return "int16";
    case Kind::Int32:
      return "int32";
    case Kind::Int64:
      return "int64";
    case Kind::UInt8:
      return "uint8";
    case Kind::UInt16:
      return "uint16";
    case Kind::UInt32:
      return "uint32";
    case Kind::UInt64:
      return "uint64";
    case Kind::Float:
      return "float";
    case Kind::Double:
      return "double";
    case Kind::String:
      return "string";
    case Kind::Bytes:
      return "bytes";
    case Kind::Date:
      return "date";
    case Kind::Timestamp:
      return "timestamp";
    case Kind::LocalTimestamp:
      return "local_timestamp";
    case Kind::Decimal:
      return "decimal";
    case Kind::List:
      return "list";
    case Kind::Struct:
      return "struct";
  }
  return "";
}

std::string describe(std::string_view module, const std::vector<std::unique_ptr<Function>>& functions) {
  std::string json = "{";
  append_member(json, "sdk", UDF_SDK_VERSION);
  append_member(json, "module", module);
  append_key(json, "functions");
  json += '[';
  for (const auto& function : functions) {
    if (json.back() != '[') json += ',';
    json += '{';
    append_member(json, "name", function->name);
    append_member(json, "kind", kind_name(function->kind));
    append_member(json, "doc", function->doc);
    append_arguments(json, *function);
    append_key(json, "result");
    json += '{';
    append_type(json, function->result);
    json += '}';
    append_flag(json, "deterministic", function->deterministic);
    if (!function->config.empty()) append_member(json, "config", function->config);
    json += '}';
  }
  json += "]}";
  return json;
}

}  // namespace udf::detail
