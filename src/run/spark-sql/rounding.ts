import { once, type Scope } from "./scope.ts";

/** A double to the next whole one, ties away from zero, as C's `round`: Spark's goes over decimal digits. */
export function roundAway(scope: Scope, sql: string): string {
  return once(
    scope,
    sql,
    (v) =>
      `CASE WHEN ${v} > 0D AND ${v} - rint(${v}) = 0.5D THEN rint(${v}) + 1D WHEN ${v} < 0D AND ${v} - rint(${v}) = -0.5D THEN rint(${v}) - 1D ELSE rint(${v}) END`,
  );
}

/** `round(x, digits)` of a double as DuckDB computes it. */
export function roundDigits(scope: Scope, sql: string, digits: number): string {
  if (digits === 0) return roundAway(scope, sql);
  return once(scope, sql, (x) => {
    const power = `1E${Math.abs(digits)}D`;
    const rounded =
      digits > 0
        ? `${roundAway(scope, `${x} * ${power}`)} / ${power}`
        : `${roundAway(scope, `${x} / ${power}`)} * ${power}`;
    const otherwise = digits > 0 ? x : "0D";
    return once(
      scope,
      rounded,
      (r) => `CASE WHEN isnan(${r}) OR abs(${r}) = CAST('Infinity' AS DOUBLE) THEN ${otherwise} ELSE ${r} END`,
    );
  });
}
