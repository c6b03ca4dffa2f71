import { type FunctionDescription, formatDeclaration } from "../core/manifest.ts";
import type { ScalarType, Type } from "../core/types.ts";
import { type Column, columnAt, columnsOf, findFunction, isTable, type Known, resultColumn } from "./columns.ts";
import { type JobText, type SqlText, sqlAt } from "./job-text.ts";
import type { Span } from "./span.ts";
import { type Call, type Owner, sqlContext } from "./sql-context.ts";
import { sqlName } from "./sql-tokens.ts";

/** One thing that an editor offers. */
export type Completion = {
  kind: "function" | "column" | "field" | "table";
  label: string;
  /** The signature or type. */
  detail: string;
  doc: string;
  /** What is written into the file; a function's arguments are places to fill in. */
  insert: string;
  arguments: readonly string[];
  /** What the call stands in: rows are made of a table function's result. */
  within?: "unnest";
  /** It fits the argument that it would be. */
  fits: boolean;
};

/** What can be written at a place of a job file, in place of `span` of the file. */
export type Completions = { span: Span; items: readonly Completion[] };

/** Undefined where nothing of the module or its input can stand: outside of SQL, in a comment, behind an operand. */
export function completionsAt(job: JobText, offset: number, known: Known): Completions | undefined {
  const place = sqlAt(job, offset);
  if (!place) return undefined;
  const { text, quote } = place;
  const context = sqlContext(text.sql, offset - text.span.start);
  const write = (name: string) => (quote === '"' ? sqlName(name).replaceAll('"', '\\"') : sqlName(name));
  switch (context.kind) {
    case "text":
    case "comment":
    case "other":
      return undefined;
    case "table":
      return { span: inFile(text, context.word), items: [tableItem(text)] };
    case "field":
      return { span: inFile(text, context.word), items: fieldsOf(job, text, { known, owner: context.owner, write }) };
    case "expression": {
      const wanted = wantedType(context.call, known);
      const columns = visibleColumns(job, text, known).map((column) => columnItem("column", column, { write, wanted }));
      const functions = callable(known, text).map((each) => functionItem(each, context));
      return { span: inFile(text, context.word), items: [...columns, ...functions] };
    }
  }
}

/** An aggregate in `map` would be refused. */
function callable({ functions }: Known, { field }: SqlText): readonly FunctionDescription[] {
  return field === "map" ? functions.filter(({ kind }) => kind !== "aggregate") : functions;
}

function inFile({ span }: SqlText, { start, end }: Span): Span {
  return { start: start + span.start, end: end + span.start };
}

/** The columns that a statement can name; each once, as DuckDB finds those of the table first. */
export function visibleColumns(job: JobText, text: SqlText, known: Known): Column[] {
  const map = job.texts.find(({ field }) => field === "map")?.sql ?? "";
  const table = text.field === "map" ? known.input : columnsOf(map, known);
  const own = columnsOf(text.sql, { ...known, input: table });
  const columns = new Map([...own, ...table].map((column) => [column.name.toLowerCase(), column]));
  return [...columns.values()];
}

type FieldOptions = { known: Known; owner: Owner; write: (name: string) => string };

function fieldsOf(job: JobText, text: SqlText, { known, owner, write }: FieldOptions): Completion[] {
  const columns = visibleColumns(job, text, known);
  const item = (kind: "field" | "column") => (column: Column) => columnItem(kind, column, { write, wanted: undefined });
  if (owner.kind === "call") {
    const called = findFunction(known.functions, owner.name);
    return (called ? (resultColumn("", called.result).fields ?? []) : []).map(item("field"));
  }
  const found = columnAt(columns, owner.parts);
  if (found) return (found.fields ?? []).map(item("field"));
  const [table, ...more] = owner.parts;
  return table !== undefined && isTable(table) && more.length === 0 ? columns.map(item("column")) : [];
}

function tableItem({ field }: SqlText): Completion {
  const label = field === "map" ? "input" : "mapped";
  const doc = field === "map" ? "The rows of the job's input." : "The rows that map gives.";
  return { kind: "table", label, detail: "", doc, insert: label, arguments: [], fits: true };
}

type ColumnOptions = { write: (name: string) => string; wanted: Type | undefined };

function columnItem(kind: "field" | "column", { name, type }: Column, { write, wanted }: ColumnOptions): Completion {
  const fits = wanted !== undefined && becomes(type, wanted);
  return { kind, label: name, detail: type, doc: "", insert: write(name), arguments: [], fits };
}

function functionItem(description: FunctionDescription, { isColumn }: { isColumn: boolean }): Completion {
  return {
    ...(description.kind === "table" && isColumn ? { within: "unnest" } : {}),
    ...{ kind: "function", label: description.name, detail: formatDeclaration(description), doc: description.doc },
    insert: sqlName(description.name),
    arguments: description.arguments.map(({ name }) => name),
    fits: false,
  };
}

function wantedType(call: Call | undefined, { functions }: Known): Type | undefined {
  return call ? findFunction(functions, call.name)?.arguments[call.argument]?.type : undefined;
}

/** Whether a column of a type, DuckDB's or ours, becomes `wanted` by itself. */
function becomes(type: string, wanted: Type): boolean {
  if (typeof wanted === "string") return duckdbTypes[wanted].test(type);
  if ("decimal" in wanted) return numbers.test(type);
  return "list" in wanted ? /(?:\[\d*\]|^list\(.*\))\??$/.test(type) : /^STRUCT\(|\{/.test(type);
}

/** DuckDB makes an integer wider by itself, and never narrower. */
function integers(...names: readonly string[]): RegExp {
  return new RegExp(`^(?:${names.join("|")})\\??$`);
}
const [tiny, small] = [["TINYINT", "int8"] as const, ["SMALLINT", "int16"] as const];
const unsignedTiny = ["UTINYINT", "uint8"] as const;
const unsignedSmall = ["USMALLINT", "uint16"] as const;
const unsigned = ["UINTEGER", "uint32"] as const;
const integer = "U?(?:TINY|SMALL|BIG)?INT(?:EGER)?|UINTEGER|u?int(?:8|16|32|64)";
const numbers = new RegExp(`^(?:${integer}|FLOAT|DOUBLE|DECIMAL.*|decimal.*|float|double)\\??$`);
/** DuckDB's types, and ours, that become the type of an argument by themselves. */
const duckdbTypes: Readonly<Record<ScalarType, RegExp>> = {
  bool: /^(?:BOOLEAN|bool)\??$/,
  int8: integers(...tiny),
  int16: integers(...tiny, ...small, ...unsignedTiny),
  int32: new RegExp(`^(?:${integer})\\??$`),
  int64: new RegExp(`^(?:${integer})\\??$`),
  uint8: integers(...unsignedTiny),
  uint16: integers(...unsignedTiny, ...unsignedSmall),
  uint32: integers(...unsignedTiny, ...unsignedSmall, ...unsigned),
  uint64: integers(...unsignedTiny, ...unsignedSmall, ...unsigned, "UBIGINT", "uint64"),
  float: numbers,
  double: numbers,
  string: /^(?:VARCHAR|ENUM.*|string)\??$/,
  bytes: /^(?:BLOB|bytes)\??$/,
  date: /^(?:DATE|date)\??$/,
  timestamp: /^(?:TIMESTAMP WITH TIME ZONE|TIMESTAMP.*|DATE|date|timestamp|local_timestamp)\??$/,
  local_timestamp: /^(?:TIMESTAMP(?:_S|_MS|_NS)?|DATE|date|local_timestamp)\??$/,
};
