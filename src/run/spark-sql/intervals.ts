import { type Bound, typeOf } from "./bound-plan.ts";
import { type Call, refused } from "./call.ts";
import { is, isInteger, showType } from "./logical-type.ts";
import { constantKey, type Statement } from "./scope.ts";

/** An interval as constants: DuckDB and Spark both add months first, then days, then time. */
type Interval = { months: bigint; days: bigint; micros: bigint };

/** A date or timestamp with a constant interval added (`sign` 1) or taken away; undefined for other types. */
export function plusInterval(call: Call, sign: 1 | -1): string | undefined {
  const at = call.args.findIndex(({ type }) => is(type, "INTERVAL"));
  if (at < 0) return undefined;
  const [interval, other] = [call.nodes[at], call.args[1 - at]];
  if (!interval || !other || (sign < 0 && at === 0)) return undefined;
  if (!["DATE", "TIMESTAMP"].some((id) => is(other.type, id))) return undefined;
  const { months, days, micros } = constantInterval(interval, call.scope.statement);
  const factor = BigInt(sign);
  const steps = [
    months ? `make_ym_interval(0, ${months * factor})` : "",
    days ? `make_dt_interval(${days * factor})` : "",
    micros ? `make_dt_interval(0, 0, 0, CAST('${seconds(micros * factor)}' AS DECIMAL(18,6)))` : "",
  ];
  const start = is(other.type, "DATE") ? `CAST(${other.sql} AS TIMESTAMP_NTZ)` : other.sql;
  return `(${[start, ...steps.filter((step) => step !== "")].join(" + ")})`;
}

function seconds(micros: bigint): string {
  const digits = String(micros < 0n ? -micros : micros).padStart(7, "0");
  return `${micros < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

const day = 86_400_000_000n;
const units: Record<string, Interval> = {
  to_years: { months: 12n, days: 0n, micros: 0n },
  to_quarters: { months: 3n, days: 0n, micros: 0n },
  to_months: { months: 1n, days: 0n, micros: 0n },
  to_weeks: { months: 0n, days: 7n, micros: 0n },
  to_days: { months: 0n, days: 1n, micros: 0n },
  to_hours: { months: 0n, days: 0n, micros: day / 24n },
  to_minutes: { months: 0n, days: 0n, micros: 60_000_000n },
  to_seconds: { months: 0n, days: 0n, micros: 1_000_000n },
  to_milliseconds: { months: 0n, days: 0n, micros: 1_000n },
  to_microseconds: { months: 0n, days: 0n, micros: 1n },
};

function constantInterval(node: Bound, statement: Statement): Interval {
  if (node.expression_class === "BOUND_CAST" && node.child.expression_class === "BOUND_CONSTANT") {
    const key = constantKey({ text: String(node.child.value.value), type: showType(node.return_type) });
    const value = statement.constants.get(key);
    if (value && typeof value === "object")
      return { months: BigInt(value.months), days: BigInt(value.days), micros: BigInt(value.micros) };
  }
  if (node.expression_class === "BOUND_FUNCTION") {
    const one = units[node.name];
    const count = node.children[0] && constantInteger(node.children[0]);
    if (one && count !== undefined)
      return { months: one.months * count, days: one.days * count, micros: one.micros * count };
  }
  throw refused(
    "an interval that is not a constant has no known equal in Spark",
    "Write it as INTERVAL '1 day', or count in days and seconds by yourself.",
  );
}

function constantInteger(node: Bound): bigint | undefined {
  if (node.expression_class === "BOUND_CAST") return constantInteger(node.child);
  // an interval's count goes over a double: trunc(1)
  if (node.expression_class === "BOUND_FUNCTION" && node.name === "trunc") {
    return node.children[0] && constantInteger(node.children[0]);
  }
  if (node.expression_class === "BOUND_FUNCTION" && node.name === "-" && node.children.length === 1) {
    const value = node.children[0] && constantInteger(node.children[0]);
    return value === undefined ? undefined : -value;
  }
  if (node.expression_class !== "BOUND_CONSTANT" || !isInteger(typeOf(node)) || node.value.value === null)
    return undefined;
  return BigInt(node.value.value);
}
