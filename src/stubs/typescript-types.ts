import type { DefaultValue, ListType, ScalarType, StructType, Type } from "../core/types.ts";
import { freeNames } from "./free-names.ts";
import type { StructNames } from "./stub-context.ts";

/** A type in TypeScript: one value of it as an argument and as a result, and a column of it. */
export type TypeTexts = { given: string; value: string; columnGiven: string; column: string };

const scalars: Record<ScalarType, TypeTexts> = {
  bool: flat("boolean", "Uint8Array"),
  int8: flat("number", "Int8Array"),
  int16: flat("number", "Int16Array"),
  int32: flat("number", "Int32Array"),
  int64: flat("bigint", "BigInt64Array"),
  uint8: flat("number", "Uint8Array"),
  uint16: flat("number", "Uint16Array"),
  uint32: flat("number", "Uint32Array"),
  uint64: flat("bigint", "BigUint64Array"),
  float: flat("number", "Float32Array"),
  double: flat("number", "Float64Array"),
  string: { given: "string", value: "string", columnGiven: "TextInput", column: "TextColumn" },
  bytes: { given: "Uint8Array", value: "Uint8Array", columnGiven: "BytesInput", column: "BytesColumn" },
  date: flat("Date", "Int32Array"),
  timestamp: { ...flat("bigint | Date", "BigInt64Array"), value: "bigint" },
  local_timestamp: { ...flat("bigint | Date", "BigInt64Array"), value: "bigint" },
};

function flat(value: string, values: string): TypeTexts {
  const column = `Column<${values}>`;
  return { given: value, value, columnGiven: `${values} | ${column} | readonly (${value} | null)[]`, column };
}

/** The typed array that a list is where no element is null, if JavaScript has one for it. */
function typedArray(type: Type): string | undefined {
  if (typeof type !== "string" || type === "bool" || type === "date") return undefined;
  return /^Column<(.*)>$/.exec(scalars[type].column)?.[1];
}

/** `nameOf` gives the names of interfaces. */
export function typeTexts(type: Type, nameOf: StructNames): TypeTexts {
  if (typeof type === "string") return scalars[type];
  if ("decimal" in type) {
    return { given: "string", value: "string", columnGiven: "DecimalInput", column: "DecimalColumn" };
  }
  return "list" in type ? listTexts(type, nameOf) : structTexts(type, nameOf);
}

function listTexts({ list: { type, nullable } }: ListType, nameOf: StructNames): TypeTexts {
  const element = typeTexts(type, nameOf);
  const typed = typedArray(type);
  const given = `readonly ${bracketed(orNull(element.given, nullable))}[]${typed === undefined ? "" : ` | ${typed}`}`;
  const value = typed !== undefined && !nullable ? typed : `${bracketed(orNull(element.value, nullable))}[]`;
  return {
    given,
    value,
    columnGiven: `ListInput<${given}, ${element.columnGiven}>`,
    column: `ListColumn<${value}, ${element.column}>`,
  };
}

function structTexts(type: StructType, nameOf: StructNames): TypeTexts {
  const name = nameOf(type);
  const given = hasOwnInput(type, nameOf) ? `${name}Input` : name;
  return {
    given,
    value: name,
    columnGiven: `readonly (${given} | null)[] | ${name}ColumnsInput`,
    column: `${name}Columns`,
  };
}

/** Whether callers may give more than they get, such as arrays for typed arrays. */
export function hasOwnInput({ fields }: StructType, nameOf: StructNames): boolean {
  return fields.some(({ type }) => {
    const { given, value } = typeTexts(type, nameOf);
    return given !== value;
  });
}

/** The columns of a struct stand beside its own validity. */
export function columnNames({ fields }: StructType): string[] {
  return freeNames(
    fields.map((field) => field.name),
    new Set(["validity"]),
  );
}

/** An argument's default as TypeScript writes it. */
export function defaultText(value: DefaultValue, type: Type): string {
  return (type === "int64" || type === "uint64") && typeof value === "string" ? `${value}n` : JSON.stringify(value);
}

export function orNull(type: string, nullable: boolean): string {
  return nullable ? `${type} | null` : type;
}

function bracketed(type: string): string {
  return type.includes(" ") ? `(${type})` : type;
}
