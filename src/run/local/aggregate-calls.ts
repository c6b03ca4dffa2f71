import * as z from "zod";
import type { NotSupported } from "./row-wise.ts";
import { calls, positionOf } from "./sql-tree.ts";

const orderSchema = z.object({ orders: z.array(z.unknown()) });

/** A call of an aggregate of a module with what DuckDB takes for its own aggregates only. Names are in lower case. */
export function findUnsupportedAggregate(
  serialized: unknown,
  aggregates: ReadonlySet<string>,
): NotSupported | undefined {
  return calls(serialized, (node) => {
    const name = String(node.function_name);
    if (!aggregates.has(name.toLowerCase())) return undefined;
    const place = positionOf(node);
    if (node.class === "WINDOW") {
      const next = "Compute it with GROUP BY in a subquery, and join its rows.";
      return { what: `${name}() cannot be called over a window`, next, ...place };
    }
    if (node.filter) {
      const next = `Give it null for the other rows: ${name}(CASE WHEN … THEN x END).`;
      return { what: `${name}() takes no FILTER`, next, ...place };
    }
    if (node.distinct === true) {
      const next = "Take its rows from a subquery with SELECT DISTINCT.";
      return { what: `${name}() takes no DISTINCT`, next, ...place };
    }
    const order = orderSchema.safeParse(node.order_bys).data?.orders ?? [];
    if (order.length === 0) return undefined;
    return { what: `${name}() takes no ORDER BY`, next: "Its result may not depend on the order of rows.", ...place };
  });
}
