import {
  is,
  isFloating,
  isInteger,
  isSame,
  isSigned,
  isUnsigned,
  type LogicalType,
  quoted,
  showType,
  sparkType,
} from "./logical-type.ts";
import { NotOnSpark } from "./not-on-spark.ts";
import { roundAway } from "./rounding.ts";
import { once, raise, type Scope, type Typed } from "./scope.ts";
import { fromVarchar } from "./text-casts.ts";

export type Cast = Typed & { to: LogicalType; isTry: boolean; scope: Scope };

/** A cast with DuckDB's result: it rounds where Spark cuts off, and its ranges are narrower. Throws NotOnSpark. */
export function cast(options: Cast): string {
  const { sql, type, to, isTry } = options;
  if (isSame(type, to)) return sql;
  if (is(type, "NULL")) return `CAST(NULL AS ${sparkType(to)})`;
  if (type.kind === "list" && to.kind === "list" && !isTry) return castList(options, type.element, to.element);
  if (type.kind === "struct" && to.kind === "struct" && !isTry) return castStruct(options, type, to);
  if (is(type, "VARCHAR")) return fromVarchar(options);
  if (is(to, "VARCHAR")) return toText(options);
  if (is(type, "BOOLEAN") && (isInteger(to) || isFloating(to))) return plainCast(`CAST(${sql} AS INT)`, to, false);
  if (is(to, "BOOLEAN") && isNumber(type)) return `(${sql} <> 0)`;
  if (isInteger(type)) return fromInteger(options);
  if (isFloating(type)) return fromFloating(options);
  if (type.kind === "decimal") return fromDecimal(options, type.width, type.scale);
  if (is(type, "DATE") && is(to, "TIMESTAMP")) return plainCast(sql, to, isTry);
  if (is(type, "TIMESTAMP") && is(to, "DATE")) return plainCast(sql, to, isTry);
  throw noCast(options);
}

function plainCast(sql: string, to: LogicalType, isTry: boolean): string {
  return `${isTry ? "TRY_CAST" : "CAST"}(${sql} AS ${sparkType(to)})`;
}

const isNumber = (type: LogicalType) => isInteger(type) || isFloating(type) || type.kind === "decimal";

function castList({ sql, scope, isTry }: Cast, from: LogicalType, to: LogicalType): string {
  const name = `v${scope.statement.fresh()}`;
  return `transform(${sql}, ${name} -> ${cast({ sql: name, type: from, to, isTry, scope })})`;
}

type Struct = Extract<LogicalType, { kind: "struct" }>;

function castStruct(options: Cast, from: Struct, to: Struct): string {
  const { sql, scope, isTry } = options;
  const sameNames = from.fields.every(({ name }, index) => to.fields[index]?.name === name);
  if (!sameNames || from.fields.length !== to.fields.length) throw noCast(options);
  return once(scope, sql, (whole) => {
    const fields = from.fields.map(({ name, type }, index) => {
      const field = `${whole}.${quoted(name)}`;
      return `${cast({ sql: field, type, to: to.fields[index]?.type ?? type, isTry, scope })} AS ${quoted(name)}`;
    });
    return `CASE WHEN ${whole} IS NOT NULL THEN struct(${fields.join(", ")}) END`;
  });
}

function fromInteger(options: Cast): string {
  const { sql, to, isTry } = options;
  if (isUnsigned(to)) return inRange(options);
  if (is(to, "FLOAT") && (is(options.type, "HUGEINT") || is(options.type, "UBIGINT"))) throw noCast(options);
  if (isSigned(to) || isFloating(to) || to.kind === "decimal") return plainCast(sql, to, isTry);
  throw noCast(options);
}

/** Unsigned types have more room in Spark than in DuckDB. */
const largest: Record<string, string> = {
  UTINYINT: "255",
  USMALLINT: "65535",
  UINTEGER: "4294967295",
  UBIGINT: "18446744073709551615",
};

/** The value of an integer expression if it lies in an unsigned type, else an error (or null where it is tried). */
export function inRange({ sql, to, isTry, scope }: Omit<Cast, "type">): string {
  const name = showType(to);
  return once(scope, sql, (v) => {
    const fits = `${v} BETWEEN 0 AND ${largest[name] ?? "0"}`;
    const value = `CAST(${v} AS ${sparkType(to)})`;
    if (isTry) return `CASE WHEN ${fits} THEN ${value} END`;
    return `CASE WHEN ${v} IS NULL OR ${fits} THEN ${value} ELSE ${raise(`a value is out of the range of ${name}`)} END`;
  });
}

const powerOfTen = (scale: number) => `1E${scale}D`;

function fromFloating(options: Cast): string {
  const { sql, type, to, isTry, scope } = options;
  if (is(to, "DOUBLE")) return plainCast(sql, to, false);
  const asDouble = is(type, "FLOAT") ? `CAST(${sql} AS DOUBLE)` : sql;
  if (is(to, "FLOAT")) {
    return once(scope, sql, (v) => {
      const value = `CAST(${v} AS FLOAT)`;
      const outside = `abs(${value}) = CAST('Infinity' AS FLOAT) AND abs(${v}) < CAST('Infinity' AS DOUBLE)`;
      return `CASE WHEN ${outside} THEN ${isTry ? "NULL" : raise("a value is out of the range of FLOAT")} ELSE ${value} END`;
    });
  }
  if (isInteger(to) && !is(to, "HUGEINT") && !is(to, "UBIGINT")) return floatingToInteger(options, asDouble);
  if (to.kind === "decimal" && to.width <= 18 && is(type, "DOUBLE")) {
    const { width, scale } = to;
    return once(scope, roundAway(scope, scale === 0 ? asDouble : `${asDouble} * ${powerOfTen(scale)}`), (v) => {
      const digits = `CAST(CAST(${v} AS BIGINT) AS DECIMAL(18,0))`;
      const value = scale === 0 ? digits : `${digits} * CAST('${unit(scale)}' AS DECIMAL(${scale},${scale}))`;
      const outside = isTry ? "NULL" : raise(`a value does not fit in ${showType(to)}`);
      return `CASE WHEN ${v} IS NULL OR abs(${v}) < ${powerOfTen(width)} THEN CAST(${value} AS ${sparkType(to)}) ELSE ${outside} END`;
    });
  }
  throw noCast(options);
}

/** The smallest of each type: DuckDB looks whether a number fits before it rounds. */
const smallest: Record<string, string> = {
  TINYINT: "-128D",
  SMALLINT: "-32768D",
  INTEGER: "-2147483648D",
  BIGINT: "-9223372036854775808D",
};

function floatingToInteger({ to, isTry, scope }: Cast, sql: string): string {
  const name = showType(to);
  const outside = isTry ? "NULL" : raise(`a value is out of the range of ${name}`);
  return once(scope, sql, (v) => {
    // the double next to the largest BIGINT is one above it
    const tooLarge = is(to, "BIGINT") || isUnsigned(to) ? ` OR ${v} >= 9223372036854775808D` : "";
    const whole = plainCast(`rint(${v})`, isUnsigned(to) ? { kind: "plain", id: "BIGINT" } : to, isTry);
    const value = isUnsigned(to) ? inRange({ sql: whole, to, isTry, scope }) : whole;
    return `CASE WHEN ${v} < ${smallest[name] ?? "0D"}${tooLarge} THEN ${outside} ELSE ${value} END`;
  });
}

/** One unit of the last digit: `0.01`. */
export const unit = (scale: number) => `0.${"1".padStart(scale, "0")}`;

/** Digits that a double holds exactly. */
const exactDigits = 15;

function fromDecimal(options: Cast, width: number, scale: number): string {
  const { sql, to, isTry, scope } = options;
  if (isUnsigned(to)) return inRange({ sql: `round(${sql}, 0)`, to, isTry, scope });
  if (isSigned(to)) return plainCast(scale === 0 ? sql : `round(${sql}, 0)`, to, isTry);
  if (to.kind === "decimal") return plainCast(sql, to, isTry);
  if (is(to, "DOUBLE")) {
    if (width <= exactDigits || scale === 0) return `CAST(${sql} AS DOUBLE)`;
    // what DuckDB computes for digits that a double does not hold: the whole part and the rest apart
    return once(scope, sql, (v) => {
      const whole = `CAST(CASE WHEN ${v} < 0 THEN ceil(${v}) ELSE floor(${v}) END AS DECIMAL(38,0))`;
      const rest = `CAST(CAST((${v} - ${whole}) * CAST('1${"0".repeat(scale)}' AS DECIMAL(38,0)) AS DECIMAL(38,0)) AS DOUBLE)`;
      const limit = `CAST('9007199254740992' AS DECIMAL(38,0)) * CAST('${unit(scale)}' AS DECIMAL(38,${scale}))`;
      return `CASE WHEN ${v} BETWEEN 0 - ${limit} AND ${limit} THEN CAST(${v} AS DOUBLE) ELSE CAST(${whole} AS DOUBLE) + ${rest} / ${powerOfTen(scale)} END`;
    });
  }
  throw noCast(options);
}

function toText(options: Cast): string {
  const { sql, type, scope } = options;
  if (isInteger(type) || type.kind === "decimal" || is(type, "BOOLEAN")) return `CAST(${sql} AS STRING)`;
  if (is(type, "DATE") || is(type, "TIMESTAMP")) {
    return once(scope, sql, (v) => {
      const beyond = `year(${v}) NOT BETWEEN 1 AND 9999`;
      const error = raise("a date beyond the years 1 to 9999 has no text that Spark and DuckDB share");
      return `CASE WHEN ${beyond} THEN ${error} ELSE CAST(${v} AS STRING) END`;
    });
  }
  throw noCast(options);
}

export function noCast({ type, to }: { type: LogicalType; to: LogicalType }): NotOnSpark {
  const what = `a cast of ${showType(type)} to ${showType(to)} gives other results on Spark`;
  return new NotOnSpark({ what, next: advice(type, to) });
}

function advice(type: LogicalType, to: LogicalType): string {
  if (is(type, "TIMESTAMP WITH TIME ZONE")) return "Say in which time zone first: x AT TIME ZONE 'UTC'.";
  if (is(to, "TIMESTAMP WITH TIME ZONE")) return "Keep it a TIMESTAMP.";
  if (is(to, "VARCHAR") && isFloating(type))
    return "Cast it to a DECIMAL first: CAST(CAST(x AS DECIMAL(18, 3)) AS VARCHAR).";
  if (isFloating(type) && to.kind === "decimal") return "Cast a DOUBLE to at most DECIMAL(18, …).";
  return "Cast it in steps, over BIGINT, DOUBLE or a DECIMAL, or run the job on the local target.";
}
