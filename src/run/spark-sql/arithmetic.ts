import { arg, type Call, integerAt, type Rule, type Rules } from "./call.ts";
import { inRange } from "./casts.ts";
import { plusInterval } from "./intervals.ts";
import { is, isFloating, isInteger, isSigned, isUnsigned, type LogicalType, sparkType } from "./logical-type.ts";
import { roundDigits } from "./rounding.ts";
import { once, raise } from "./scope.ts";

const infinity = "CAST('Infinity' AS DOUBLE)";
const nan = "CAST('NaN' AS DOUBLE)";

/** `+`, `-` and `*` of numbers: the types of both sides are the result's already, but for decimals. */
const combined =
  (operator: "+" | "-" | "*"): Rule =>
  (call) => {
    const { type, scope } = call;
    const value = `(${arg(call, 0).sql} ${operator} ${arg(call, 1).sql})`;
    if (isUnsigned(type)) return inRange({ sql: value, to: type, isTry: false, scope });
    if (type.kind === "decimal") return `CAST(${value} AS ${sparkType(type)})`;
    if (isSigned(type) || isFloating(type)) return value;
    return undefined;
  };

const plus: Rule = (call) => {
  const [left, right] = call.args;
  if (!right) return left?.sql;
  if (!left) return undefined;
  if (is(left.type, "DATE") && isInteger(right.type)) return `date_add(${left.sql}, ${right.sql})`;
  if (is(right.type, "DATE") && isInteger(left.type)) return `date_add(${right.sql}, ${left.sql})`;
  return plusInterval(call, 1) ?? combined("+")(call);
};

/** Spark's own minus sign and abs() round decimals of more than 34 digits. */
const isWide = (type: LogicalType) => type.kind === "decimal" || is(type, "HUGEINT");
const below0 = (x: string, type: LogicalType) => `CAST(0 - ${x} AS ${sparkType(type)})`;

const negated: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (isWide(type)) return below0(sql, type);
  return isSigned(type) || isFloating(type) ? `(- ${sql})` : undefined;
};

const minus: Rule = (call) => {
  const [left, right] = call.args;
  if (!left) return undefined;
  if (!right) return negated(call);
  if (is(left.type, "DATE") && is(right.type, "DATE")) return `CAST(datediff(${left.sql}, ${right.sql}) AS BIGINT)`;
  if (is(left.type, "DATE") && isInteger(right.type)) return `date_sub(${left.sql}, ${right.sql})`;
  return plusInterval(call, -1) ?? combined("-")(call);
};

/** Division of floating numbers by zero gives infinity or NaN in DuckDB, and an error in Spark. */
const divide: Rule = (call) => {
  const [left, right] = [arg(call, 0), arg(call, 1)];
  if (!isFloating(call.type)) return undefined;
  const type = sparkType(call.type);
  const divisor = integerAt(call, 1);
  if (divisor !== undefined && divisor !== 0) return `CAST(${left.sql} / ${right.sql} AS ${type})`;
  return once(call.scope, left.sql, (a) =>
    once(
      call.scope,
      right.sql,
      (b) => `CASE WHEN ${b} = 0 THEN CAST(${a} * power(${b}, -1D) AS ${type}) ELSE CAST(${a} / ${b} AS ${type}) END`,
    ),
  );
};

const integerDivide: Rule = (call) => {
  if (!isInteger(call.type)) return undefined;
  const left = arg(call, 0).sql;
  return once(
    call.scope,
    arg(call, 1).sql,
    (b) => `CASE WHEN ${b} <> 0 THEN CAST(${left} div ${b} AS ${sparkType(call.type)}) END`,
  );
};

const remainder: Rule = (call) => {
  const { type, scope } = call;
  const left = arg(call, 0).sql;
  if (!isInteger(type) && !isFloating(type) && type.kind !== "decimal") return undefined;
  const byZero = isFloating(type) ? `CASE WHEN ${left} IS NOT NULL THEN CAST('NaN' AS ${sparkType(type)}) END` : "NULL";
  // the smallest integer by -1 is an overflow
  const byMinusOne = (b: string) => (isSigned(type) ? `WHEN ${b} = -1 THEN (- ${left}) * 0` : "");
  return once(
    scope,
    arg(call, 1).sql,
    (b) => `CAST(CASE WHEN ${b} = 0 THEN ${byZero} ${byMinusOne(b)} ELSE ${left} % ${b} END AS ${sparkType(type)})`,
  );
};

const round: Rule = (call) => {
  const { type, scope, args } = call;
  const { sql } = arg(call, 0);
  const digits = args.length === 1 ? 0 : integerAt(call, 1);
  if (digits === undefined) return undefined;
  if (is(type, "DOUBLE")) return roundDigits(scope, sql, digits);
  if (type.kind === "decimal") return `CAST(round(${sql}, ${digits}) AS ${sparkType(type)})`;
  return isSigned(type) && digits >= 0 ? sql : undefined;
};

/** A double to a whole one: Spark's own floor and ceil give integers, which end at 2^63. */
const whole =
  (direction: "floor" | "ceil" | "trunc"): Rule =>
  (call) => {
    const { type, scope } = call;
    const { sql, type: given } = arg(call, 0);
    if (call.args.length !== 1) return undefined;
    if (isInteger(given)) return sql;
    if (type.kind === "decimal" && direction !== "trunc") return `CAST(${direction}(${sql}) AS ${sparkType(type)})`;
    if (!isFloating(type)) return undefined;
    const rendered = once(scope, `CAST(${sql} AS DOUBLE)`, (x) => {
      const down = `CASE WHEN rint(${x}) > ${x} THEN rint(${x}) - 1D ELSE rint(${x}) END`;
      const up = `CASE WHEN rint(${x}) < ${x} THEN CASE WHEN rint(${x}) = -1D THEN -0D ELSE rint(${x}) + 1D END ELSE rint(${x}) END`;
      if (direction === "trunc") return `CASE WHEN ${x} < 0D THEN ${up} ELSE ${down} END`;
      return direction === "floor" ? down : up;
    });
    return is(type, "DOUBLE") ? rendered : `CAST(${rendered} AS FLOAT)`;
  };

const abs: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (isUnsigned(type)) return sql;
  if (isWide(type)) return once(call.scope, sql, (x) => `CASE WHEN ${x} < 0 THEN ${below0(x, type)} ELSE ${x} END`);
  return isSigned(type) || isFloating(type) ? `abs(${sql})` : undefined;
};

const sign: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (!isInteger(type) && !isFloating(type) && type.kind !== "decimal") return undefined;
  const isZero = isFloating(type) ? (x: string) => `isnan(${x}) OR ${x} = 0` : (x: string) => `${x} = 0`;
  return once(
    call.scope,
    sql,
    (x) =>
      `CAST(CASE WHEN ${isZero(x)} THEN 0 WHEN ${x} > 0 THEN 1 WHEN ${x} < 0 THEN -1 END AS ${sparkType(call.type)})`,
  );
};

/** A function of doubles that means the same under this name. */
const ofDoubles =
  (name: string, arity = 1): Rule =>
  ({ args }) =>
    args.length === arity && args.every(({ type }) => is(type, "DOUBLE"))
      ? `${name}(${args.map(({ sql }) => sql).join(", ")})`
      : undefined;

/** The same where some arguments are an error in DuckDB. */
const withDomain =
  (options: { name: string; outside: (x: string) => string; error: string; arity?: number }): Rule =>
  (call) => {
    if (!ofDoubles(options.name)(call)) return undefined;
    return once(
      call.scope,
      arg(call, 0).sql,
      (x) => `CASE WHEN ${options.outside(x)} THEN ${raise(options.error)} ELSE ${options.name}(${x}) END`,
    );
  };

const logarithm = (name: string) =>
  withDomain({ name, outside: (x) => `${x} <= 0D`, error: "a logarithm of zero or a negative number" });

const angle = (name: string) =>
  withDomain({ name, outside: (x) => `abs(${x}) = ${infinity}`, error: `${name} of an infinite number` });

const floatingTest =
  (test: (x: string) => string): Rule =>
  (call) => {
    const { sql, type } = arg(call, 0);
    return isFloating(type) ? once(call.scope, sql, (x) => `(${test(x)})`) : undefined;
  };

const bits =
  (operator: string): Rule =>
  (call: Call) =>
    call.args.length === 2 && isInteger(call.type) && !is(call.type, "HUGEINT") && !is(call.type, "UBIGINT")
      ? `(${arg(call, 0).sql} ${operator} ${arg(call, 1).sql})`
      : undefined;

const outsideOne = (x: string) => `(${x} < -1D OR ${x} > 1D) AND NOT isnan(${x})`;

export const arithmetic: Rules = {
  "+": plus,
  "-": minus,
  "*": combined("*"),
  "/": divide,
  divide: divide,
  "//": integerDivide,
  "%": remainder,
  mod: remainder,
  add: plus,
  subtract: minus,
  multiply: combined("*"),
  "**": ofDoubles("power", 2),
  "^": ofDoubles("power", 2),
  pow: ofDoubles("power", 2),
  power: ofDoubles("power", 2),
  "&": bits("&"),
  "|": bits("|"),
  xor: bits("^"),
  round,
  floor: whole("floor"),
  ceil: whole("ceil"),
  ceiling: whole("ceil"),
  trunc: whole("trunc"),
  abs,
  "@": abs,
  sign,
  sqrt: withDomain({ name: "sqrt", outside: (x) => `${x} < 0D`, error: "a square root of a negative number" }),
  cbrt: ofDoubles("cbrt"),
  exp: ofDoubles("exp"),
  ln: logarithm("ln"),
  log: logarithm("log10"),
  log10: logarithm("log10"),
  log2: logarithm("log2"),
  sin: angle("sin"),
  cos: angle("cos"),
  tan: angle("tan"),
  asin: withDomain({ name: "asin", outside: outsideOne, error: "asin of a number that is not from -1 to 1" }),
  acos: withDomain({ name: "acos", outside: outsideOne, error: "acos of a number that is not from -1 to 1" }),
  atan: ofDoubles("atan"),
  atan2: ofDoubles("atan2", 2),
  sinh: ofDoubles("sinh"),
  cosh: ofDoubles("cosh"),
  tanh: ofDoubles("tanh"),
  radians: ofDoubles("radians"),
  degrees: ofDoubles("degrees"),
  pi: () => "pi()",
  isnan: floatingTest((x) => `CASE WHEN ${x} IS NOT NULL THEN isnan(${x}) END`),
  isinf: floatingTest((x) => `abs(${x}) = ${infinity}`),
  isfinite: floatingTest((x) => `${x} <> ${nan} AND abs(${x}) <> ${infinity}`),
};
