import type { FunctionDescription } from "../core/manifest.ts";
import { formatType, type Type } from "../core/types.ts";
import { type SelectItem, selectList } from "./select-list.ts";

/** A column that a statement can name, with the type as it is shown. `fields`: it is a struct. */
export type Column = { name: string; type: string; fields?: readonly Column[] };

/** What the columns of a statement depend on. */
export type Known = { functions: readonly FunctionDescription[]; input: readonly Column[] };

/** A column as DuckDB describes it: `STRUCT(a INTEGER, b VARCHAR[])` has fields. */
export function columnOf({ name, type }: { name: string; type: string }): Column {
  const inner = /^STRUCT\((?<fields>[\s\S]*)\)$/.exec(type)?.groups?.fields;
  if (inner === undefined) return { name, type };
  const fields = splitFields(inner).flatMap((field) => {
    const match = /^(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>\S+)) (?<type>[\s\S]+)$/.exec(field.trim())?.groups;
    const fieldName = match?.quoted?.replaceAll('""', '"') ?? match?.plain;
    return fieldName === undefined || match?.type === undefined
      ? []
      : [columnOf({ name: fieldName, type: match.type })];
  });
  return { name, type, fields };
}

function splitFields(text: string): string[] {
  const fields: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: part, index } of text.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]/g)) {
    if (part === "(") depth++;
    if (part === ")") depth--;
    if (part !== "," || depth > 0) continue;
    fields.push(text.slice(from, index));
    from = index + 1;
  }
  return [...fields, text.slice(from)];
}

/** What a function gives, as a column of a name. */
export function resultColumn(name: string, { type, nullable }: { type: Type; nullable: boolean }): Column {
  const shown = formatType(type, nullable);
  if (typeof type === "string" || !("struct" in type)) return { name, type: shown };
  const fields = type.fields.map((field) => resultColumn(field.name, field));
  return { name, type: shown, fields };
}

/** The columns that a SELECT gives, as far as its text tells; later items may name those before them. */
export function columnsOf(sql: string, { functions, input }: Known): Column[] {
  const columns: Column[] = [];
  for (const item of selectList(sql)) {
    if (item.expression.kind === "star") columns.push(...input);
    else if (item.name !== undefined)
      columns.push({ ...typeOf(item, { functions, input: [...input, ...columns] }), name: item.name });
  }
  return columns;
}

const unknown = "";

function typeOf({ expression }: SelectItem, { functions, input }: Known): Omit<Column, "name"> {
  switch (expression.kind) {
    case "call": {
      const called = findFunction(functions, expression.name);
      return called ? resultColumn("", called.result) : { type: unknown };
    }
    case "name":
      return columnAt(input, expression.parts) ?? { type: unknown };
    case "star":
    case "other":
      return { type: unknown };
  }
}

/** The column that a path such as `route.km` or `input.origin` names. */
export function columnAt(columns: readonly Column[], parts: readonly string[]): Column | undefined {
  const [first = "", ...rest] = parts;
  const found = findNamed(columns, first);
  if (found) return rest.length === 0 ? found : columnAt(found.fields ?? [], rest);
  return isTable(first) && rest.length > 0 ? columnAt(columns, rest) : undefined;
}

/** The tables that a job's statements read. */
export function isTable(name: string): boolean {
  return /^(?:input|mapped)$/i.test(name);
}

/** DuckDB does not tell capitals from small letters in names. */
export function findFunction(functions: readonly FunctionDescription[], name: string): FunctionDescription | undefined {
  return findNamed(functions, name);
}

function findNamed<Named extends { name: string }>(all: readonly Named[], name: string): Named | undefined {
  return all.find((each) => each.name.toLowerCase() === name.toLowerCase());
}
