import { arg, type Call, constantAt, type Rule, type Rules } from "./call.ts";
import { is, isInteger, sparkType } from "./logical-type.ts";
import { once, raise, textLiteral } from "./scope.ts";

const isDay = (call: Call, index = 0) => {
  const type = call.args[index]?.type;
  return type !== undefined && (is(type, "DATE") || is(type, "TIMESTAMP"));
};
const isTime = (call: Call, index = 0) => {
  const type = call.args[index]?.type;
  return type !== undefined && is(type, "TIMESTAMP");
};

/** Whole microseconds since 1970; Spark has no such function of timestamps without a time zone. */
const micros = (x: string) => `unix_micros(CAST(${x} AS TIMESTAMP_LTZ))`;

/** A part of a date or timestamp in Spark SQL; days of the week begin with Sunday as 0 in DuckDB, as 1 in Spark. */
const parts: Record<string, { of: "date" | "time"; sql: (x: string) => string }> = {
  year: { of: "date", sql: (x) => `year(${x})` },
  quarter: { of: "date", sql: (x) => `quarter(${x})` },
  month: { of: "date", sql: (x) => `month(${x})` },
  day: { of: "date", sql: (x) => `day(${x})` },
  dow: { of: "date", sql: (x) => `dayofweek(${x}) - 1` },
  isodow: { of: "date", sql: (x) => `weekday(${x}) + 1` },
  week: { of: "date", sql: (x) => `weekofyear(${x})` },
  doy: { of: "date", sql: (x) => `dayofyear(${x})` },
  isoyear: { of: "date", sql: (x) => `extract(YEAROFWEEK FROM ${x})` },
  hour: { of: "time", sql: (x) => `hour(${x})` },
  minute: { of: "time", sql: (x) => `minute(${x})` },
  second: { of: "time", sql: (x) => `second(${x})` },
};

const otherNames: Record<string, string> = {
  y: "year",
  yr: "year",
  years: "year",
  mon: "month",
  months: "month",
  d: "day",
  days: "day",
  dayofmonth: "day",
  dayofweek: "dow",
  weekday: "dow",
  dayofyear: "doy",
  weekofyear: "week",
  h: "hour",
  hr: "hour",
  hours: "hour",
  m: "minute",
  min: "minute",
  minutes: "minute",
  s: "second",
  sec: "second",
  seconds: "second",
  w: "week",
  weeks: "week",
};

function part(name: string, { type }: Call, subject: { sql: string; isTimestamp: boolean }): string | undefined {
  const wanted = name.toLowerCase();
  const { sql, isTimestamp } = subject;
  if (wanted === "epoch") {
    if (!isTimestamp) return `CAST(datediff(${sql}, DATE'1970-01-01') AS DOUBLE) * 86400D`;
    return `(CAST(${micros(sql)} AS DOUBLE) / 1000000D)`;
  }
  const known = parts[otherNames[wanted] ?? wanted];
  if (!known) return undefined;
  if (known.of === "time" && !isTimestamp) return `CASE WHEN ${sql} IS NOT NULL THEN CAST(0 AS ${sparkType(type)}) END`;
  return `CAST(${known.sql(sql)} AS ${sparkType(type)})`;
}

const namedPart =
  (name: string): Rule =>
  (call) =>
    isDay(call) && call.args.length === 1
      ? part(name, call, { sql: arg(call, 0).sql, isTimestamp: isTime(call) })
      : undefined;

const datePart: Rule = (call) => {
  const name = constantAt(call, 0);
  if (name === undefined || !isDay(call, 1)) return undefined;
  return part(name, call, { sql: arg(call, 1).sql, isTimestamp: isTime(call, 1) });
};

const truncatable = new Set(["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond"]);

const dateTrunc: Rule = (call) => {
  const unit = constantAt(call, 0)?.toLowerCase().replace(/s$/, "");
  if (unit === undefined || !truncatable.has(unit) || !isDay(call, 1)) return undefined;
  const start = `CAST(${arg(call, 1).sql} AS TIMESTAMP_LTZ)`;
  return `CAST(CAST(date_trunc('${unit.toUpperCase()}', ${start}) AS TIMESTAMP_NTZ) AS ${sparkType(call.type)})`;
};

/** How many borders of the unit lie between two days or timestamps. */
const dateDiff: Rule = (call) => {
  const unit = constantAt(call, 0)?.toLowerCase().replace(/s$/, "");
  if (unit === undefined || !isDay(call, 1) || !isDay(call, 2)) return undefined;
  const [from, to] = [arg(call, 1).sql, arg(call, 2).sql];
  return (
    once(call.scope, from, (a) =>
      once(call.scope, to, (b) => {
        const months = `((year(${b}) - year(${a})) * 12L + month(${b}) - month(${a}))`;
        switch (unit) {
          case "year":
            return `CAST(year(${b}) - year(${a}) AS BIGINT)`;
          case "quarter":
            return `((year(${b}) - year(${a})) * 4L + quarter(${b}) - quarter(${a}))`;
          case "month":
            return months;
          case "day":
            return `CAST(datediff(CAST(${b} AS DATE), CAST(${a} AS DATE)) AS BIGINT)`;
          case "hour":
            return `(${floorDiv(micros(b), 3_600_000_000)} - ${floorDiv(micros(a), 3_600_000_000)})`;
          case "minute":
            return `(${floorDiv(micros(b), 60_000_000)} - ${floorDiv(micros(a), 60_000_000)})`;
          case "second":
            return `(${floorDiv(micros(b), 1_000_000)} - ${floorDiv(micros(a), 1_000_000)})`;
          default:
            return "";
        }
      }),
    ) || undefined
  );
};

const floorDiv = (x: string, by: number) => `((${x} - pmod(${x}, ${by}L)) div ${by}L)`;

const lastDay: Rule = (call) => (isDay(call) ? `last_day(CAST(${arg(call, 0).sql} AS DATE))` : undefined);

const makeDate: Rule = ({ args }) =>
  args.length === 3 && args.every(({ type }) => isInteger(type))
    ? `make_date(${args.map(({ sql }) => `CAST(${sql} AS INT)`).join(", ")})`
    : undefined;

/** DuckDB's words for parts of a date in Spark's patterns. */
const formats: Record<string, string> = {
  "%Y": "yyyy",
  "%m": "MM",
  "%d": "dd",
  "%H": "HH",
  "%M": "mm",
  "%S": "ss",
  "%j": "DDD",
  "%y": "yy",
  "%f": "SSSSSS",
  "%a": "EEE",
  "%A": "EEEE",
  "%b": "MMM",
  "%B": "MMMM",
  "%I": "hh",
  "%p": "a",
  "%%": "'%'",
};

const strftime: Rule = (call) => {
  const format = constantAt(call, 1);
  if (format === undefined || !isDay(call)) return undefined;
  const tokens = format.match(/%.|[^%]+/gu) ?? [];
  const java = tokens.map((token) => {
    if (!token.startsWith("%")) return `'${token.replaceAll("'", "''")}'`;
    return formats[token];
  });
  if (java.includes(undefined)) return undefined;
  return once(call.scope, arg(call, 0).sql, (x) => {
    const beyond = raise("a date beyond the years 1000 to 9999 has no text that Spark and DuckDB share");
    return `CASE WHEN year(${x}) NOT BETWEEN 1000 AND 9999 THEN ${beyond} ELSE date_format(${x}, ${textLiteral(java.join(""))}) END`;
  });
};

const zone: Rule = (call) => {
  if (!["utc", "etc/utc", "gmt", "z"].includes(constantAt(call, 0)?.toLowerCase() ?? "")) return undefined;
  const { sql, type } = arg(call, 1);
  if (is(type, "TIMESTAMP")) return `CAST(${sql} AS TIMESTAMP_LTZ)`;
  return is(type, "TIMESTAMP WITH TIME ZONE") ? `CAST(${sql} AS TIMESTAMP_NTZ)` : undefined;
};

const epoch =
  (render: (micros: string) => string): Rule =>
  (call) => {
    const { sql, type } = arg(call, 0);
    if (is(type, "TIMESTAMP WITH TIME ZONE")) return render(`unix_micros(${sql})`);
    return isTime(call) ? render(micros(sql)) : undefined;
  };

const names = Object.keys(parts).filter((name) => name !== "isoyear");

export const dateRules: Rules = {
  ...Object.fromEntries(names.map((name) => [name, namedPart(name)])),
  isoyear: namedPart("isoyear"),
  dayofmonth: namedPart("day"),
  dayofweek: namedPart("dow"),
  weekday: namedPart("dow"),
  dayofyear: namedPart("doy"),
  weekofyear: namedPart("week"),
  epoch: namedPart("epoch"),
  epoch_ms: epoch((x) => `(${x} div 1000L)`),
  epoch_us: epoch((x) => x),
  date_part: datePart,
  datepart: datePart,
  date_trunc: dateTrunc,
  datetrunc: dateTrunc,
  date_diff: dateDiff,
  datediff: dateDiff,
  last_day: lastDay,
  make_date: makeDate,
  dayname: (call) => (isDay(call) ? `date_format(${arg(call, 0).sql}, 'EEEE')` : undefined),
  monthname: (call) => (isDay(call) ? `date_format(${arg(call, 0).sql}, 'MMMM')` : undefined),
  strftime,
  timezone: zone,
};
