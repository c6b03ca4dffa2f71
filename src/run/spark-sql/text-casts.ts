import { type Cast, inRange, noCast } from "./casts.ts";
import { is, isInteger, isUnsigned, type LogicalType, showType, sparkType } from "./logical-type.ts";
import { once, raise, textLiteral } from "./scope.ts";

/*
 * Texts to values. DuckDB reads more than Spark does ("1_000", "1e2" as an integer, "0x1f"), Spark some that DuckDB does
 * not. Texts of the plain shape mean the same in both; another text ends the query, as it mostly does in DuckDB too.
 */

type Reading = {
  /** Texts that both read the same. */
  shape: string;
  /** What DuckDB surely does not read either: a tried cast gives null there. */
  hopeless: string;
};

const number = "^[ ]*[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?[ ]*$";
const noNumber = "^[^0-9]*$|[^0-9a-zA-Z+_. \\t\\n\\r\\f\\v,-]";

function readingOf(to: LogicalType): Reading | undefined {
  if (isInteger(to)) return { shape: "^[ ]*-?[0-9]{1,37}[ ]*$", hopeless: noNumber };
  if (to.kind === "decimal") return { shape: "^[ ]*-?[0-9]{1,37}(?:[.][0-9]{1,37})?[ ]*$", hopeless: noNumber };
  if (is(to, "DOUBLE")) return { shape: number, hopeless: "^(?![ ]*[+-]?(?i:inf|nan))[^0-9]*$" };
  if (is(to, "BOOLEAN")) return { shape: "^(?i:true|false|t|f|1|0)$", hopeless: "^$" };
  if (is(to, "DATE")) return { shape: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", hopeless: "^[^0-9]*$" };
  if (is(to, "TIMESTAMP")) {
    const shape = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?)?$";
    return { shape, hopeless: "^[^0-9]*$" };
  }
  return undefined;
}

/** Throws NotOnSpark. */
export function fromVarchar(options: Cast): string {
  const { sql, to, isTry, scope } = options;
  const reading = readingOf(to);
  if (!reading) throw noCast(options);
  return once(scope, sql, (text) => {
    const fits = `${text} IS NULL OR rlike(${text}, ${textLiteral(reading.shape)})`;
    const unsure = raise(`a text is not of the plain form of ${showType(to)} that Spark and DuckDB read the same`);
    const value = read(options, text);
    if (!isTry) return `CASE WHEN ${fits} THEN ${value} ELSE ${unsure} END`;
    const never = `rlike(${text}, ${textLiteral(reading.hopeless)})`;
    return `CASE WHEN ${fits} THEN ${value} WHEN ${never} THEN NULL ELSE ${unsure} END`;
  });
}

function read({ to, isTry, scope }: Cast, text: string): string {
  const word = isTry ? "TRY_CAST" : "CAST";
  if (isUnsigned(to)) return inRange({ sql: `${word}(trim(${text}) AS DECIMAL(38,0))`, to, isTry, scope });
  return `${word}(trim(${text}) AS ${sparkType(to)})`;
}
