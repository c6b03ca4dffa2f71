import { type Bound, type BoundOf, typeOf } from "./bound-plan.ts";
import { type Call, notThese, refused } from "./call.ts";
import { cast } from "./casts.ts";
import { fromText, literal } from "./literals.ts";
import { is, isNested, showType, sparkType } from "./logical-type.ts";
import { type NotOnSpark, placedAt } from "./not-on-spark.ts";
import { scalarRules } from "./scalar-rules.ts";
import { branch, constantKey, type Scope } from "./scope.ts";

/** An expression of the plan as Spark SQL that gives the same value. Throws NotOnSpark, with the place where it is known. */
export function expression(node: Bound, scope: Scope): string {
  return placedAt(node.query_location, () => render(node, scope));
}

function render(node: Bound, scope: Scope): string {
  switch (node.expression_class) {
    case "BOUND_REF": {
      const column = scope.columns[node.index];
      if (column === undefined) throw new Error(`the plan refers to a column ${node.index} that is not there`);
      if (scope.unordered?.has(node.index)) throw unordered();
      return column;
    }
    case "BOUND_CONSTANT":
      return literal(node.value);
    case "BOUND_CAST":
      return castOf(node, scope);
    case "BOUND_COMPARISON":
      return comparison(node, scope);
    case "BOUND_CONJUNCTION": {
      const word = node.type === "CONJUNCTION_AND" ? "AND" : "OR";
      return `(${node.children.map((child) => expression(child, scope)).join(` ${word} `)})`;
    }
    case "BOUND_OPERATOR":
      return operator(node, scope);
    case "BOUND_CASE":
      return caseOf(node, scope);
    case "BOUND_FUNCTION":
      return functionCall(node, scope);
    case "BOUND_AGGREGATE":
    case "BOUND_WINDOW":
    case "BOUND_UNNEST":
      throw refused(
        `${node.expression_class.slice(6).toLowerCase()} at this place has no known equal in Spark`,
        "Compute it in a subquery of its own.",
      );
  }
}

function caseOf(node: BoundOf<"BOUND_CASE">, scope: Scope): string {
  const before: string[] = [];
  const checks = node.case_checks.map(({ when_expr, then_expr }) => {
    const when = expression(when_expr, branch(scope, before));
    const then = expression(then_expr, branch(scope, before, when));
    before.push(when);
    return `WHEN ${when} THEN ${then}`;
  });
  return `CASE ${checks.join(" ")} ELSE ${expression(node.else_expr, branch(scope, before))} END`;
}

/** A value is computed where those before it are null. */
function coalesce(children: readonly Bound[], scope: Scope): string {
  const values: string[] = [];
  const known: string[] = [];
  for (const child of children) {
    const value = expression(child, branch(scope, known));
    values.push(value);
    known.push(`${value} IS NOT NULL`);
  }
  return `coalesce(${values.join(", ")})`;
}

function castOf(node: BoundOf<"BOUND_CAST">, scope: Scope): string {
  const { child, return_type: to, try_cast: isTry } = node;
  const type = typeOf(child);
  if (child.expression_class === "BOUND_CONSTANT" && is(type, "VARCHAR") && !is(to, "VARCHAR")) {
    const value = scope.statement.constants.get(constantKey({ text: String(child.value.value), type: showType(to) }));
    if (value === null) return `CAST(NULL AS ${sparkType(to)})`;
    if (typeof value === "string") return fromText(value, to);
  }
  return cast({ sql: expression(child, scope), type, to, isTry, scope });
}

const comparisons: Record<string, string> = {
  COMPARE_EQUAL: "=",
  COMPARE_NOTEQUAL: "<>",
  COMPARE_LESSTHAN: "<",
  COMPARE_GREATERTHAN: ">",
  COMPARE_LESSTHANOREQUALTO: "<=",
  COMPARE_GREATERTHANOREQUALTO: ">=",
};

function comparison(node: BoundOf<"BOUND_COMPARISON">, scope: Scope): string {
  return compare({ type: node.type, left: node.left, right: node.right, leftScope: scope, rightScope: scope });
}

export type Comparison = { type: string; left: Bound; right: Bound; leftScope: Scope; rightScope: Scope };

/** Two expressions of rows that need not be the same. */
export function compare({ type, left, right, leftScope, rightScope }: Comparison): string {
  const sides = [expression(left, leftScope), expression(right, rightScope)];
  if ([left, right].some((side) => isNested(typeOf(side)))) {
    throw refused(
      `a comparison of ${showType(typeOf(left))} values orders nulls in them otherwise on Spark`,
      "Compare their fields or elements.",
    );
  }
  if (type === "COMPARE_DISTINCT_FROM") return `(NOT (${sides.join(" <=> ")}))`;
  if (type === "COMPARE_NOT_DISTINCT_FROM") return `(${sides.join(" <=> ")})`;
  const sign = comparisons[type];
  if (!sign) throw refused(`the comparison ${type} has no known equal in Spark`, "Write it with =, <, > or IS NULL.");
  return `(${sides.join(` ${sign} `)})`;
}

function operator({ type, children }: BoundOf<"BOUND_OPERATOR">, scope: Scope): string {
  if (type === "OPERATOR_COALESCE") return coalesce(children, scope);
  const [first = "", ...others] = children.map((child) => expression(child, scope));
  switch (type) {
    case "OPERATOR_NOT":
      return `(NOT ${first})`;
    case "OPERATOR_IS_NULL":
      return `(${first} IS NULL)`;
    case "OPERATOR_IS_NOT_NULL":
      return `(${first} IS NOT NULL)`;
    case "COMPARE_IN":
    case "COMPARE_NOT_IN": {
      if (children.some((child) => isNested(typeOf(child))))
        throw refused("IN with lists or structs orders nulls in them otherwise on Spark", "Compare their fields.");
      return `(${first} ${type === "COMPARE_IN" ? "IN" : "NOT IN"} (${others.join(", ")}))`;
    }
    default:
      throw refused(
        `${type.replace("OPERATOR_", "")} has no known equal in Spark`,
        "Write it with CASE, COALESCE, IN or IS NULL.",
      );
  }
}

function functionCall(node: BoundOf<"BOUND_FUNCTION">, scope: Scope): string {
  const { name, children, return_type: type, function_data: data } = node;
  const own = scope.statement.functions.get(name.toLowerCase());
  const anyOrder = own !== undefined || name === "list_sort";
  const given = !anyOrder ? scope : { ...scope, unordered: undefined };
  // an interval has no text of its own
  const args = children.map((child) => ({
    sql: is(typeOf(child), "INTERVAL") ? "" : expression(child, given),
    type: typeOf(child),
  }));
  if (own !== undefined) {
    const call = (given: readonly string[]) => `${own}(${given.join(", ")})`;
    const plain = call(args.map(({ sql }) => sql));
    const { taken, hoist = (sql) => sql, hoisted = () => undefined } = scope;
    if (taken === undefined) return hoist(plain);
    // Spark computes it for every row: null for those that do not come to it here, and a null argument makes a null
    return hoisted(plain) ?? hoist(call(args.map(({ sql }) => `CASE WHEN ${taken} THEN ${sql} END`)));
  }
  const call: Call = { name, args, nodes: children, type, scope, data, render: expression };
  const rule = Object.hasOwn(scalarRules, name) ? scalarRules[name] : undefined;
  const rendered = rule?.(call);
  if (rendered === undefined) throw notThese(call);
  return rendered;
}

function unordered(): NotOnSpark {
  const refusal = refused(
    "list() without an order gives its elements in another order on Spark",
    "Order them: list(x ORDER BY x).",
  );
  refusal.call = "list";
  return refusal;
}
