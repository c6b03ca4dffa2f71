import type { FunctionDescription } from "../../core/manifest.ts";
import type { Field, Type } from "../../core/types.ts";

/** The module of the function that does nothing, and the function's name. */
export const baselineName = "baseline";

/**
 * C++ that registers a function with the same signature which does as little as can be: it gives the first argument that
 * has the result's type, or else a value that is always the same.
 */
export function baselineSource({ kind, arguments: parameters, result }: FunctionDescription): string {
  const structs = new Structs();
  const taken = parameters.map(({ type, nullable }, at) => `${optional(structs.given(type), nullable)} a${at}`);
  const made = optional(structs.made(result.type), result.nullable);
  const isSame = (type: Type) => typeof type !== "object" && type === result.type;
  const same = parameters.findIndex(({ type, nullable }) => isSame(type) && !nullable);
  const value = same < 0 ? "{}" : copied(result.type, `a${same}`);
  const names = parameters.map((_, at) => `"a${at}"_a`);
  const given = taken.map((parameter) => `[[maybe_unused]] ${parameter}`).join(", ");
  const row = `${made} nothing(${given}) {
  return ${value};
}

UDF_MODULE(${baselineName}, m) { m.row<nothing>("${baselineName}", ${names.join(", ")}); }`;
  const aggregate = `class Nothing {
 public:
  void add(${given}) {}
  void merge(const Nothing&) {}
  ${made} finish() const { return {}; }
};

UDF_MODULE(${baselineName}, m) { m.aggregate<Nothing>("${baselineName}", ${names.join(", ")}); }`;
  return `#include <udf/udf.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace udf::literals;

${structs.text}
${kind === "aggregate" ? aggregate : row}
`;
}

const times = "std::chrono::microseconds";
const scalars = {
  ...{ bool: "bool", int8: "std::int8_t", int16: "std::int16_t", int32: "std::int32_t", int64: "std::int64_t" },
  ...{ uint8: "std::uint8_t", uint16: "std::uint16_t", uint32: "std::uint32_t", uint64: "std::uint64_t" },
  ...{ float: "float", double: "double", date: "std::chrono::sys_days" },
  ...{ timestamp: `std::chrono::sys_time<${times}>`, local_timestamp: `std::chrono::local_time<${times}>` },
} as const;

/** The C++ types of a signature, with the structs that they need. */
class Structs {
  readonly #names = new Map<string, string>();
  text = "";

  /** Of an argument: what is long is a view. */
  given(type: Type): string {
    if (type === "string") return "std::string_view";
    if (type === "bytes") return "std::span<const std::byte>";
    if (typeof type === "string" || !("list" in type)) return this.made(type);
    const { type: element, nullable } = type.list;
    const isList = typeof element === "object" && "list" in element;
    return `std::span<const ${optional(isList ? this.made(element) : this.given(element), nullable)}>`;
  }

  /** Of a result or a field: it owns what it has. */
  made(type: Type): string {
    if (type === "string") return "std::string";
    if (type === "bytes") return "std::vector<std::byte>";
    if (typeof type === "string") return scalars[type];
    if ("decimal" in type) return `udf::Decimal<${type.decimal.precision}, ${type.decimal.scale}>`;
    if ("list" in type) return `std::vector<${optional(this.made(type.list.type), type.list.nullable)}>`;
    const key = JSON.stringify(type);
    const name = this.#names.get(key) ?? this.#define(type.fields);
    this.#names.set(key, name);
    return name;
  }

  #define(fields: readonly Field[]): string {
    const lines = fields.map(({ name, type, nullable }) => `  ${optional(this.made(type), nullable)} ${name};\n`);
    const name = `Struct${this.#names.size}`;
    this.text += `struct ${name} {\n${lines.join("")}};\nUDF_STRUCT(${[name, ...fields.map((each) => each.name)].join(", ")})\n\n`;
    return name;
  }
}

function optional(type: string, nullable: boolean): string {
  return nullable ? `std::optional<${type}>` : type;
}

function copied(type: Type, name: string): string {
  if (type === "string") return `std::string(${name})`;
  return type === "bytes" ? `std::vector<std::byte>(${name}.begin(), ${name}.end())` : name;
}
