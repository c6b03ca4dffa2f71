import * as z from "zod";
import { type LogicalType, plain, typeSchema } from "./logical-type.ts";

/*
 * A statement after DuckDB has bound it: names are places in the rows that come in, every function and type is decided,
 * and every cast is there. Source: DuckDB's `json_serialize_plan(…, optimize := false)`.
 */

/** Where a node is in the statement, in bytes; what was made by DuckDB has no place. */
const positionSchema = z
  .union([z.number(), z.string()])
  .optional()
  .transform((value) => (typeof value === "number" && value < 2 ** 31 ? value : undefined));

const common = { query_location: positionSchema };

export type Bound =
  | { expression_class: "BOUND_REF"; index: number; return_type: LogicalType; query_location: number | undefined }
  | { expression_class: "BOUND_CONSTANT"; value: Constant; query_location: number | undefined }
  | {
      expression_class: "BOUND_CAST";
      child: Bound;
      return_type: LogicalType;
      try_cast: boolean;
      query_location: number | undefined;
    }
  | {
      expression_class: "BOUND_COMPARISON";
      type: string;
      left: Bound;
      right: Bound;
      query_location: number | undefined;
    }
  | { expression_class: "BOUND_CONJUNCTION"; type: string; children: Bound[]; query_location: number | undefined }
  | {
      expression_class: "BOUND_OPERATOR";
      type: string;
      children: Bound[];
      return_type: LogicalType;
      query_location: number | undefined;
    }
  | {
      expression_class: "BOUND_CASE";
      case_checks: { when_expr: Bound; then_expr: Bound }[];
      else_expr: Bound;
      return_type: LogicalType;
      query_location: number | undefined;
    }
  | {
      expression_class: "BOUND_FUNCTION";
      name: string;
      children: Bound[];
      return_type: LogicalType;
      function_data?: unknown;
      query_location: number | undefined;
    }
  | {
      expression_class: "BOUND_AGGREGATE";
      name: string;
      children: Bound[];
      return_type: LogicalType;
      aggregate_type: string;
      filter: Bound | null;
      order_bys: { orders: Order[] } | null;
      function_data?: unknown;
      query_location: number | undefined;
    }
  | {
      expression_class: "BOUND_WINDOW";
      type: string;
      return_type: LogicalType;
      children: Bound[];
      name: string | null;
      partitions: Bound[];
      orders: Order[];
      filter_expr: Bound | null;
      ignore_nulls: boolean;
      start: string;
      end: string;
      start_expr: Bound | null;
      end_expr: Bound | null;
      offset_expr: Bound | null;
      default_expr: Bound | null;
      exclude_clause: string;
      distinct: boolean;
      arg_orders: Order[];
      query_location: number | undefined;
    }
  | { expression_class: "BOUND_UNNEST"; child: Bound; return_type: LogicalType; query_location: number | undefined };

export type BoundOf<Class extends Bound["expression_class"]> = Extract<Bound, { expression_class: Class }>;

/** `ASCENDING`, `NULLS LAST`. */
export type Order = { type: string; null_order: string; expression: Bound };

const wideSchema = z.object({
  upper: z.union([z.number(), z.string()]).default(0),
  lower: z.union([z.number(), z.string()]).default(0),
});
export const constantSchema = z
  .object({ type: typeSchema, is_null: z.boolean().default(false), value: z.unknown().optional() })
  .transform(({ type, is_null, value }) => ({ type, value: is_null ? null : readValue(value) }));
/** Numbers as their digits, those of a decimal without its point; null for a null. */
export type Constant = { type: LogicalType; value: string | boolean | null };

function readValue(value: unknown): string | boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value;
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  const { data } = wideSchema.safeParse(value);
  return data ? String(BigInt(data.upper) * 2n ** 64n + BigInt(data.lower)) : "";
}

const bound: z.ZodType<Bound> = z.lazy(() => expressionSchema);
const maybe = bound.nullish().transform((value) => value ?? null);
const many = z.array(bound).default([]);
const orderSchema = z.object({ type: z.string(), null_order: z.string(), expression: bound });
const orders = z.array(orderSchema).default([]);
const flag = z.boolean().default(false);

const expressionSchema = z.discriminatedUnion("expression_class", [
  z.object({
    expression_class: z.literal("BOUND_REF"),
    index: z.number().default(0),
    return_type: typeSchema,
    ...common,
  }),
  z.object({ expression_class: z.literal("BOUND_CONSTANT"), value: constantSchema, ...common }),
  z.object({
    expression_class: z.literal("BOUND_CAST"),
    child: bound,
    return_type: typeSchema,
    try_cast: flag,
    ...common,
  }),
  z.object({
    expression_class: z.literal("BOUND_COMPARISON"),
    type: z.string(),
    left: bound,
    right: bound,
    ...common,
  }),
  z.object({ expression_class: z.literal("BOUND_CONJUNCTION"), type: z.string(), children: many, ...common }),
  z.object({
    expression_class: z.literal("BOUND_OPERATOR"),
    type: z.string(),
    children: many,
    return_type: typeSchema,
    ...common,
  }),
  z.object({
    expression_class: z.literal("BOUND_CASE"),
    case_checks: z.array(z.object({ when_expr: bound, then_expr: bound })),
    else_expr: bound,
    return_type: typeSchema,
    ...common,
  }),
  z.object({
    expression_class: z.literal("BOUND_FUNCTION"),
    name: z.string(),
    children: many,
    return_type: typeSchema,
    function_data: z.unknown().optional(),
    ...common,
  }),
  z.object({
    expression_class: z.literal("BOUND_AGGREGATE"),
    name: z.string(),
    children: many,
    return_type: typeSchema,
    aggregate_type: z.string().default("NON_DISTINCT"),
    filter: maybe,
    order_bys: z
      .object({ orders })
      .nullish()
      .transform((value) => value ?? null),
    function_data: z.unknown().optional(),
    ...common,
  }),
  z.object({
    expression_class: z.literal("BOUND_WINDOW"),
    type: z.string(),
    return_type: typeSchema,
    children: many,
    /** Of an aggregate over a window. */
    name: z
      .string()
      .nullish()
      .transform((value) => value ?? null),
    partitions: many,
    orders,
    filter_expr: maybe,
    ignore_nulls: flag,
    start: z.string(),
    end: z.string(),
    start_expr: maybe,
    end_expr: maybe,
    offset_expr: maybe,
    default_expr: maybe,
    exclude_clause: z.string().default("NO_OTHER"),
    distinct: flag,
    arg_orders: orders,
    ...common,
  }),
  z.object({ expression_class: z.literal("BOUND_UNNEST"), child: bound, return_type: typeSchema, ...common }),
]);

/** The type of an expression's values. */
export function typeOf(node: Bound): LogicalType {
  switch (node.expression_class) {
    case "BOUND_CONSTANT":
      return node.value.type;
    case "BOUND_COMPARISON":
    case "BOUND_CONJUNCTION":
      return plain("BOOLEAN");
    default:
      return node.return_type;
  }
}

/** An operator of the plan; what more it has depends on its type. */
export type Operator = { type: string; children: Operator[]; [field: string]: unknown };

const operatorSchema: z.ZodType<Operator> = z.lazy(() =>
  z.looseObject({ type: z.string(), children: z.array(operatorSchema).default([]) }),
);

const planSchema = z.object({ plans: z.array(operatorSchema).length(1) });

/** Reads what `json_serialize_plan` gave. */
export function readPlan(text: string): Operator {
  const [plan] = planSchema.parse(JSON.parse(withExactNumbers(text))).plans;
  if (!plan) throw new Error("the plan is empty");
  return plan;
}

/** Numbers of more digits than JavaScript's have, and those that JSON has no words for, become texts. */
function withExactNumbers(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{14,}|-?\b(?:Infinity|NaN|nan|inf)\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

export { bound as boundSchema, orderSchema };
