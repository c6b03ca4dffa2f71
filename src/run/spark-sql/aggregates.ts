import * as z from "zod";
import { type BoundOf, constantSchema } from "./bound-plan.ts";
import { notThese, refused } from "./call.ts";
import { constantText } from "./literals.ts";
import { is, isFloating, isInteger, isNested, sparkType } from "./logical-type.ts";
import { calling } from "./not-on-spark.ts";
import { type OrderKey, orderedList, quantile } from "./ordered-lists.ts";
import { raise, type Statement, type Typed, textLiteral } from "./scope.ts";

/** An aggregate over columns of the rows that come in. */
export type AggregateCall = {
  node: BoundOf<"BOUND_AGGREGATE">;
  /** Columns, so they may be written more than once. */
  args: readonly Typed[];
  /** A column; null where all rows count. */
  filter: string | null;
  orders: readonly OrderKey[];
  /** The whole query has one group, and its rows are counted beside: a subquery that must give one value. */
  single: boolean;
  statement: Statement;
  /** Completes a call of an aggregate of Spark with its window. */
  over?: (call: string) => string;
};

type Parts = AggregateCall & {
  x: string;
  /** Completes a call of an aggregate of Spark with FILTER or its window. */
  over(call: string): string;
  /** `DISTINCT ` or nothing. */
  distinct: string;
  type: Typed["type"];
};

type AggregateRule = (parts: Parts) => string | undefined;

/** An aggregate as Spark SQL that gives the same value. Throws NotOnSpark. */
export function aggregate(call: AggregateCall): string {
  return calling(call.node.name, () => render(call));
}

function render(call: AggregateCall): string {
  const { node, args, filter } = call;
  const [first] = args;
  const { over = (text: string) => (filter === null ? text : `${text} FILTER (WHERE ${filter})`) } = call;
  const rule = Object.hasOwn(rules, node.name) ? rules[node.name] : undefined;
  const distinct = node.aggregate_type === "DISTINCT" ? "DISTINCT " : "";
  const type = first?.type ?? node.return_type;
  const takesOrder = call.orders.length === 0 || ordered.has(node.name);
  const sql = !takesOrder ? undefined : rule?.({ ...call, x: first?.sql ?? "", over, distinct, type });
  if (sql !== undefined) return sql;
  throw notThese({ name: node.name, args });
}

/** A sum as a decimal without digits behind the point, as exact as DuckDB's. */
function wholeSum({ x, over, distinct, type }: Parts): string {
  if (is(type, "BOOLEAN")) return `CAST(${over(`sum(${distinct}CAST(CAST(${x} AS INT) AS BIGINT))`)} AS DECIMAL(38,0))`;
  const isWide = ["BIGINT", "HUGEINT", "UBIGINT", "UINTEGER"].some((id) => is(type, id));
  const carrier = is(type, "HUGEINT") ? "DECIMAL(38,0)" : isWide ? "DECIMAL(20,0)" : "BIGINT";
  return `CAST(${over(`sum(${distinct}CAST(${x} AS ${carrier}))`)} AS DECIMAL(38,0))`;
}

const sum: AggregateRule = (parts) => {
  const { x, over, distinct, type, node } = parts;
  if (isInteger(type) || is(type, "BOOLEAN")) return wholeSum(parts);
  if (isFloating(type)) return over(`sum(${distinct}CAST(${x} AS DOUBLE))`);
  if (type.kind === "decimal") return `CAST(${over(`sum(${distinct}${x})`)} AS ${sparkType(node.return_type)})`;
  return undefined;
};

const average: AggregateRule = (parts) => {
  const { x, over, distinct, type } = parts;
  const count = over(`count(${distinct}${x})`);
  if (isInteger(type) || is(type, "BOOLEAN")) return `(CAST(${wholeSum(parts)} AS DOUBLE) / nullif(${count}, 0))`;
  if (isFloating(type)) return over(`avg(${distinct}CAST(${x} AS DOUBLE))`);
  if (type.kind === "decimal") {
    const digits = `CAST(${over(`sum(${distinct}${x})`)} * CAST('1${"0".repeat(type.scale)}' AS DECIMAL(38,0)) AS DECIMAL(38,0))`;
    return `(CAST(${digits} AS DOUBLE) / (CAST(nullif(${count}, 0) AS DOUBLE) * 1E${type.scale}D))`;
  }
  return undefined;
};

const extreme =
  (name: "min" | "max"): AggregateRule =>
  ({ x, over, type, args }) =>
    args.length === 1 && !isNested(type) && sparkType(type) ? over(`${name}(${x})`) : undefined;

/** DuckDB leaves out rows where either is null. */
const argExtreme =
  (name: "min_by" | "max_by"): AggregateRule =>
  ({ x, over, args, distinct }) => {
    const [, by, more] = args;
    if (!by || more || distinct || isNested(by.type)) return undefined;
    return over(`${name}(${x}, CASE WHEN ${x} IS NOT NULL THEN ${by.sql} END)`);
  };

const first: AggregateRule = ({ x, over, single }) => {
  if (single) return over(`any_value(${x})`);
  throw refused("which row comes first is not known on Spark", "Take min(x), max(x) or arg_min(x, by).");
};

const boolean =
  (name: "bool_and" | "bool_or"): AggregateRule =>
  ({ x, over, type }) =>
    is(type, "BOOLEAN") ? over(`${name}(${x})`) : undefined;

const bits =
  (name: "bit_and" | "bit_or" | "bit_xor"): AggregateRule =>
  ({ x, over, type, distinct }) =>
    isInteger(type) && !is(type, "HUGEINT") && !is(type, "UBIGINT") ? over(`${name}(${distinct}${x})`) : undefined;

/** Moments of doubles. A result that is no number is an error in DuckDB. */
const moment =
  (name: string): AggregateRule =>
  ({ args, over, distinct, node }) => {
    if (args.some(({ type }) => !is(type, "DOUBLE"))) return undefined;
    const value = over(`${name}(${distinct}${args.map(({ sql }) => sql).join(", ")})`);
    const broken = `isnan(${value}) OR abs(${value}) = CAST('Infinity' AS DOUBLE)`;
    return `CASE WHEN ${broken} THEN ${raise(`${node.name} is out of range`)} ELSE ${value} END`;
  };

/** Where nothing orders the elements it is for aggregates of the module only, which are told so. */
const list: AggregateRule = ({ x, over, distinct, orders }) => {
  if (distinct) return undefined;
  const values = orders.length > 0 ? orderedList(x, orders, over) : over(`collect_list(struct(${x} AS x))`);
  return `CASE WHEN ${over("count(1)")} > 0 THEN transform(${values}, e -> e.x) END`;
};

const separatorSchema = z.object({ separator: z.string() });

/** Texts with something between them, without the nulls. */
const joined: AggregateRule = ({ x, over, distinct, orders, node }) => {
  const { data } = separatorSchema.safeParse(node.function_data);
  if (!data || distinct) return undefined;
  if (orders.length === 0) {
    throw refused(
      `${node.name}() without an order joins its texts in another order on Spark`,
      `Order them: ${node.name}(x, ',' ORDER BY x).`,
    );
  }
  const texts = `filter(transform(${orderedList(x, orders, over)}, e -> e.x), e -> e IS NOT NULL)`;
  return `CASE WHEN ${over(`count(${x})`)} > 0 THEN array_join(${texts}, ${textLiteral(data.separator)}) END`;
};

const quantilesSchema = z.object({
  quantiles: z.array(z.object({ value: z.unknown(), type: z.unknown() })).length(1),
  desc: z.literal(false),
});

/** The value at a share of the group, computed between two values: of numbers that become doubles. */
const continuous: AggregateRule = ({ x, over, distinct, type, node, orders, statement }) => {
  const { data } = quantilesSchema.safeParse(node.function_data);
  const share = data && constantSchema.safeParse(data.quantiles[0]).data;
  if (!share || distinct || orders.length > 0 || !is(node.return_type, "DOUBLE")) return undefined;
  if (!isInteger(type) && !is(type, "DOUBLE")) return undefined;
  return quantile(x, constantText(share), { statement, over });
};

/** True for a list whose order is not known. */
export function isUnordered({ name, order_bys }: BoundOf<"BOUND_AGGREGATE">): boolean {
  return (name === "list" || name === "array_agg") && !order_bys?.orders.length;
}

const rules: Readonly<Record<string, AggregateRule>> = {
  count_star: ({ over }) => over("count(1)"),
  // without an argument over a window
  count: ({ x, over, distinct, args }) => (args.length < 2 ? over(`count(${distinct}${x || "1"})`) : undefined),
  sum,
  avg: average,
  mean: average,
  min: extreme("min"),
  max: extreme("max"),
  arg_min: argExtreme("min_by"),
  min_by: argExtreme("min_by"),
  arg_max: argExtreme("max_by"),
  max_by: argExtreme("max_by"),
  first,
  any_value: first,
  arbitrary: first,
  last: first,
  bool_and: boolean("bool_and"),
  bool_or: boolean("bool_or"),
  bit_and: bits("bit_and"),
  bit_or: bits("bit_or"),
  bit_xor: bits("bit_xor"),
  // null where there are no rows
  count_if: ({ x, over, type }) =>
    is(type, "BOOLEAN") ? `CAST(${over(`sum(CASE WHEN ${x} THEN 1L ELSE 0L END)`)} AS DECIMAL(38,0))` : undefined,
  stddev: moment("stddev_samp"),
  stddev_samp: moment("stddev_samp"),
  stddev_pop: moment("stddev_pop"),
  variance: moment("var_samp"),
  var_samp: moment("var_samp"),
  var_pop: moment("var_pop"),
  covar_samp: moment("covar_samp"),
  covar_pop: moment("covar_pop"),
  list,
  array_agg: list,
  string_agg: joined,
  group_concat: joined,
  listagg: joined,
  median: continuous,
  quantile_cont: continuous,
};

/** Those whose order is rendered. */
const ordered = new Set(["list", "array_agg", "string_agg", "group_concat", "listagg"]);
