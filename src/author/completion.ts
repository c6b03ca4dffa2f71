import { type FunctionDescription, formatSignature } from "../core/manifest.ts";
import type { ScalarType } from "../core/types.ts";
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
      return { span: inFile(text, context.word), items: [...columns, ...known.functions.map(functionItem)] };
    }
  }
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

type ColumnOptions = { write: (name: string) => string; wanted: ScalarType | undefined };

function columnItem(kind: "field" | "column", { name, type }: Column, { write, wanted }: ColumnOptions): Completion {
  const fits = wanted !== undefined && duckdbTypes[wanted].test(type);
  return { kind, label: name, detail: type, doc: "", insert: write(name), arguments: [], fits };
}

function functionItem(description: FunctionDescription): Completion {
  return {
    ...{ kind: "function", label: description.name, detail: formatSignature(description), doc: description.doc },
    insert: sqlName(description.name),
    arguments: description.arguments.map(({ name }) => name),
    fits: false,
  };
}

function wantedType(call: Call | undefined, { functions }: Known): ScalarType | undefined {
  return call ? findFunction(functions, call.name)?.arguments[call.argument]?.type : undefined;
}

const integer = "U?(?:TINY|SMALL|BIG)?INT(?:EGER)?|UINTEGER|int(?:32|64)";
/** DuckDB's types, and ours, that become the type of an argument by themselves. */
const duckdbTypes: Readonly<Record<ScalarType, RegExp>> = {
  bool: /^(?:BOOLEAN|bool)\??$/,
  int32: new RegExp(`^(?:${integer})\\??$`),
  int64: new RegExp(`^(?:${integer})\\??$`),
  float: new RegExp(`^(?:${integer}|FLOAT|DOUBLE|DECIMAL.*|float|double)\\??$`),
  double: new RegExp(`^(?:${integer}|FLOAT|DOUBLE|DECIMAL.*|float|double)\\??$`),
  string: /^(?:VARCHAR|ENUM.*|string)\??$/,
};
