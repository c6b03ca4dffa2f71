import type { Order } from "./bound-plan.ts";
import { once, type Statement, type Typed } from "./scope.ts";

/** A key of an order, as a column. */
export type OrderKey = Pick<Order, "type" | "null_order"> & { key: Typed };

/** The values of a group as an array of structs with `x`, in an order; `over` completes the aggregate. */
export function orderedList(x: string, orders: readonly OrderKey[], over: (call: string) => string): string {
  const keys = orders.map(({ key }, index) => `${key.sql} AS k${index}`);
  const all = over(`collect_list(struct(${[...keys, `${x} AS x`].join(", ")}))`);
  const checks = orders.map(({ type, null_order: nulls }, index) =>
    order({ key: `k${index}`, isDescending: type === "DESCENDING", nullsLast: nulls === "NULLS LAST" }),
  );
  return `array_sort(${all}, (l, r) -> CASE ${checks.join(" ")} ELSE 0 END)`;
}

/** A list of plain values in an order. */
export function sortedList(list: string, direction: Direction): string {
  return `array_sort(${list}, (l, r) -> CASE ${order(direction)} ELSE 0 END)`;
}

type Direction = { isDescending: boolean; nullsLast: boolean };

/** Which of `l` and `r`, or their fields `key`, comes first. */
function order({ key, isDescending, nullsLast }: Direction & { key?: string }): string {
  const [l, r] = key === undefined ? ["l", "r"] : [`l.${key}`, `r.${key}`];
  const [before, after] = isDescending ? ["1", "-1"] : ["-1", "1"];
  const [nullFirst, nullSecond] = nullsLast ? ["1", "-1"] : ["-1", "1"];
  return [
    `WHEN ${l} IS NULL AND ${r} IS NOT NULL THEN ${nullFirst}`,
    `WHEN ${r} IS NULL AND ${l} IS NOT NULL THEN ${nullSecond}`,
    `WHEN ${l} < ${r} THEN ${before}`,
    `WHEN ${l} > ${r} THEN ${after}`,
  ].join(" ");
}

/** A quantile between the two values next to it, as DuckDB interpolates it. */
export function quantile(x: string, q: string, { statement, over }: QuantileOptions): string {
  const sorted = `array_sort(${over(`collect_list(CAST(${x} AS DOUBLE))`)})`;
  const scope = { statement, columns: [] };
  return once(scope, sorted, (s) => {
    const place = `((size(${s}) - 1) * CAST('${q}' AS DOUBLE))`;
    const at = (which: "floor" | "ceil") => `${s}[CAST(${which}(${place}) AS INT)]`;
    const part = `(${place} - floor(${place}))`;
    const between = `${at("floor")} * (1D - ${part}) + ${at("ceil")} * ${part}`;
    return `CASE WHEN size(${s}) > 0 THEN CASE WHEN ${part} = 0 THEN ${at("floor")} ELSE ${between} END END`;
  });
}

type QuantileOptions = { statement: Statement; over: (call: string) => string };
