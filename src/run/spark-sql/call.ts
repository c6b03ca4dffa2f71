import type { Bound } from "./bound-plan.ts";
import { type LogicalType, showType } from "./logical-type.ts";
import { NotOnSpark } from "./not-on-spark.ts";
import type { Scope, Typed } from "./scope.ts";

/** A call of one of DuckDB's functions or operators, with its arguments rendered. */
export type Call = {
  name: string;
  args: readonly Typed[];
  /** The arguments as the plan has them. */
  nodes: readonly Bound[];
  type: LogicalType;
  scope: Scope;
  /** What DuckDB keeps of the call besides. */
  data: unknown;
  /** Renders an expression of its own, as the body of a lambda. */
  render(node: Bound, scope: Scope): string;
};

/** Gives the same in Spark SQL; undefined for types of arguments that it is not for. May throw NotOnSpark. */
export type Rule = (call: Call) => string | undefined;
export type Rules = Readonly<Record<string, Rule>>;

/** The argument at an index, which DuckDB's signature says is there. */
export function arg({ args, name }: Call, index: number): Typed {
  const found = args[index];
  if (found) return found;
  throw notThese({ name, args });
}

/** The constant that an argument is, over the casts around it; undefined for anything else, and for null. */
export function constantAt({ nodes }: Call, index: number): string | undefined {
  let node = nodes[index];
  while (node?.expression_class === "BOUND_CAST") node = node.child;
  return node?.expression_class === "BOUND_CONSTANT" && node.value.value !== null
    ? String(node.value.value)
    : undefined;
}

/** A constant argument that is an integer. */
export function integerAt(call: Call, index: number): number | undefined {
  const text = constantAt(call, index);
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

export function notThese({ name, args }: Pick<Call, "name" | "args">): NotOnSpark {
  const types = args.map(({ type }) => showType(type)).join(", ");
  const isWord = /^\w+$/.test(name);
  const what = isWord ? `${name}(${types})` : `the operator ${name} of ${types}`;
  if (args.some(({ type }) => type.kind === "plain" && type.id === "FLOAT")) {
    return refused(`${what} is not known to round as Spark does`, "Cast the FLOAT to DOUBLE first.");
  }
  return new NotOnSpark({
    what: `${what} has no known equal in Spark`,
    next: "Compute it with a function of the module, write it with other functions (docs/spark.md lists them), or run the job on the local target.",
  });
}

export function refused(what: string, next: string): NotOnSpark {
  return new NotOnSpark({ what, next });
}
