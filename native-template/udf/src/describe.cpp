#include "describe.h"

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

void append_fields(std::string& json, std::string_view key, const std::vector<Field>& fields) {
  append_key(json, key);
  json += '[';
  for (const Field& field : fields) {
    if (json.back() != '[') json += ',';
    json += '{';
    append_member(json, "name", field.name);
    append_member(json, "type", type_name(field.type));
    append_key(json, "nullable");
    json += field.nullable ? "true}" : "false}";
  }
  json += ']';
}

void append_result(std::string& json, const Function& function) {
  append_key(json, "result");
  json += '{';
  if (function.struct_name.empty()) {
    append_member(json, "type", type_name(function.leaves.front().type));
  } else {
    append_key(json, "type");
    json += '{';
    append_member(json, "struct", function.struct_name);
    append_fields(json, "fields", function.leaves);
    json += '}';
  }
  append_key(json, "nullable");
  json += function.nullable_result ? "true}" : "false}";
}

}  // namespace

std::string_view type_name(Type type) {
  switch (type) {
    case Type::Bool:
      return "bool";
    case Type::Int32:
      return "int32";
    case Type::Int64:
      return "int64";
    case Type::Float:
      return "float";
    case Type::Double:
      return "double";
    case Type::String:
      return "string";
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
    append_member(json, "kind", "row");
    append_member(json, "doc", function->doc);
    append_fields(json, "arguments", function->arguments);
    append_result(json, *function);
    if (!function->config.empty()) append_member(json, "config", function->config);
    json += '}';
  }
  json += "]}";
  return json;
}

}  // namespace udf::detail
