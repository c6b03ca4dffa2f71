import type { Constant } from "./bound-plan.ts";
import { is, isInteger, type LogicalType, showType, sparkType } from "./logical-type.ts";
import { NotOnSpark } from "./not-on-spark.ts";
import { textLiteral } from "./scope.ts";

/** A constant of the plan. Throws NotOnSpark. */
export function literal({ type, value }: Constant): string {
  if (value === null) return `CAST(NULL AS ${sparkType(type)})`;
  if (is(type, "VARCHAR")) return textLiteral(String(value));
  if (typeof value === "boolean" || is(type, "BOOLEAN")) return String(value);
  if (is(type, "INTEGER") && value !== "-2147483648") return value === "" ? "0" : value;
  return fromText(constantText({ type, value }), type);
}

/** A number as it is written. */
export function constantText({ type, value }: Constant): string {
  const digits = String(value) || "0";
  return type.kind === "decimal" ? withPoint(digits, type.scale) : digits;
}

/** A constant from the text that DuckDB shows for it. Throws NotOnSpark. */
export function fromText(text: string, type: LogicalType): string {
  const zoned =
    is(type, "TIMESTAMP WITH TIME ZONE") && /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(:\d\d)?$/.exec(text);
  if (zoned) return `CAST('${zoned[1]}${zoned[2]}${zoned[3] ?? ":00"}' AS TIMESTAMP_LTZ)`;
  const exact =
    type.kind === "decimal" ||
    isInteger(type) ||
    ["DOUBLE", "FLOAT", "BOOLEAN", "DATE", "TIMESTAMP", "VARCHAR"].some((id) => is(type, id));
  if (!exact) {
    const what = `constants of the type ${showType(type)} have no equal in Spark`;
    throw new NotOnSpark({ what, next: "Use another type, or run the job on the local target." });
  }
  if (isInteger(type) && text.replace("-", "").length > 38) {
    throw new NotOnSpark({ what: `${text} has more digits than a number of Spark`, next: "Write it as a DOUBLE." });
  }
  if ((is(type, "DATE") || is(type, "TIMESTAMP")) && !/^\d{4}-[\d: .-]+$/.test(text)) {
    const what = `the ${showType(type)} ${text} is beyond the years that Spark and DuckDB share`;
    throw new NotOnSpark({ what, next: "Use dates of the years 1 to 9999." });
  }
  return `CAST(${textLiteral(words[text.toLowerCase()] ?? text)} AS ${sparkType(type)})`;
}

const words: Record<string, string> = { inf: "Infinity", "-inf": "-Infinity", nan: "NaN", "-nan": "NaN" };

/** The digits of a decimal with its point. */
function withPoint(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const sign = digits.startsWith("-") ? "-" : "";
  const padded = digits.replace("-", "").padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
