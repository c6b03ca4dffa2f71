import * as z from "zod";
import { boundSchema } from "./bound-plan.ts";
import { arg, constantAt, integerAt, type Rule, type Rules, refused } from "./call.ts";
import { isNested, quoted, sparkType } from "./logical-type.ts";
import { sortedList } from "./ordered-lists.ts";
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

const extremeOf =
  (name: "greatest" | "least"): Rule =>
  ({ args, type }) =>
    type.kind !== "list" && type.kind !== "struct" && args.length > 0
      ? `${args.length === 1 ? "" : name}(${args.map(({ sql }) => sql).join(", ")})`
      : undefined;

/** Spark's is null where the list has a null and not the element. */
const listContains: Rule = (call) => {
  const [list, element] = [arg(call, 0), arg(call, 1)];
  if (list.type.kind !== "list" || isNested(list.type.element)) return undefined;
  return once(call.scope, list.sql, (l) =>
    once(
      call.scope,
      element.sql,
      (e) => `CASE WHEN ${l} IS NOT NULL AND ${e} IS NOT NULL THEN coalesce(array_contains(${l}, ${e}), false) END`,
    ),
  );
};

const lambdaSchema = z.object({ lambda_expr: boundSchema, has_index: z.boolean().default(false) });

/** A lambda's own columns are its element, and then what it takes from the row. */
const withLambda =
  (name: "transform" | "filter"): Rule =>
  (call) => {
    const { data } = lambdaSchema.safeParse(call.data);
    const list = arg(call, 0);
    if (!data || data.has_index || list.type.kind !== "list") return undefined;
    const element = `v${call.scope.statement.fresh()}`;
    const columns = [element, ...call.args.slice(1).map(({ sql }) => sql)];
    if (columns.slice(1).some((sql) => !/^[\w.]+$/.test(sql))) return undefined;
    const hoist = (): never => {
      throw refused(
        "Spark computes no function of a module inside a lambda",
        "Give the function the whole list, or unnest() the list in a subquery.",
      );
    };
    const scope = { statement: call.scope.statement, columns, hoist };
    return `${name}(${list.sql}, ${element} -> ${call.render(data.lambda_expr, scope)})`;
  };

/** Directions are written out or the default, and nulls are last then. */
const listSort: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (type.kind !== "list" || isNested(type.element)) return undefined;
  const [direction = "ASC", nulls = "ORDER_DEFAULT"] = call.args
    .slice(1)
    .map((_, index) => constantAt(call, index + 1)?.toUpperCase());
  const isDescending = /^DESC/.test(direction);
  const nullsLast = /LAST|DEFAULT/.test(nulls);
  return sortedList(sql, { isDescending, nullsLast });
};

const size: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  return type.kind === "list" && call.args.length === 1 ? `CAST(size(${sql}) AS BIGINT)` : undefined;
};

export const nestedRules: Rules = {
  greatest: extremeOf("greatest"),
  least: extremeOf("least"),
  list_contains: listContains,
  list_has: listContains,
  array_contains: listContains,
  array_has: listContains,
  array_length: size,
  list_transform: withLambda("transform"),
  list_apply: withLambda("transform"),
  array_transform: withLambda("transform"),
  array_apply: withLambda("transform"),
  apply: withLambda("transform"),
  list_sort: listSort,
  array_sort: listSort,
  list_filter: withLambda("filter"),
  array_filter: withLambda("filter"),
  filter: withLambda("filter"),
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
