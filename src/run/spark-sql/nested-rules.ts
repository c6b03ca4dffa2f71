import { arg, constantAt, integerAt, type Rule, type Rules } from "./call.ts";
import { quoted, sparkType } from "./logical-type.ts";
import { once, raise } from "./scope.ts";

const structPack: Rule = ({ args, type }) => {
  if (type.kind !== "struct" || type.fields.length !== args.length) return undefined;
  return `struct(${type.fields.map(({ name }, index) => `${args[index]?.sql} AS ${quoted(name)}`).join(", ")})`;
};

const structExtract: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (type.kind !== "struct") return undefined;
  const wanted = constantAt(call, 1)?.toLowerCase();
  const found = type.fields.find(({ name }) => name.toLowerCase() === wanted);
  return found && `${sql}.${quoted(found.name)}`;
};

const structExtractAt: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  const index = integerAt(call, 1);
  const found = type.kind === "struct" && index !== undefined ? type.fields[index - 1] : undefined;
  return found && `${sql}.${quoted(found.name)}`;
};

/** Lists begin at 1, and at -1 from their end; beyond there is null. */
const listElement: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (type.kind !== "list") return undefined;
  const constant = integerAt(call, 1);
  if (constant !== undefined && constant !== 0) return `try_element_at(${sql}, ${constant})`;
  return once(
    call.scope,
    arg(call, 1).sql,
    (index) => `CASE WHEN ${index} <> 0 THEN try_element_at(${sql}, CAST(${index} AS INT)) END`,
  );
};

const listValue: Rule = ({ args, type }) =>
  args.length === 0 ? `CAST(array() AS ${sparkType(type)})` : `array(${args.map(({ sql }) => sql).join(", ")})`;

/** DuckDB's own check of a subquery that must give one row. */
const error: Rule = (call) => {
  const text = constantAt(call, 0);
  return text === undefined ? undefined : `CAST(${raise(text)} AS ${sparkType(call.type)})`;
};

export const nestedRules: Rules = {
  struct_pack: structPack,
  struct_extract: structExtract,
  struct_extract_at: structExtractAt,
  array_extract: (call) => (arg(call, 0).type.kind === "struct" ? structExtract(call) : listElement(call)),
  list_extract: listElement,
  list_element: listElement,
  list_value: listValue,
  list_pack: listValue,
  error,
};
