import { once, raise, type Scope, textLiteral } from "./scope.ts";

/**
 * Letters whose case is another in Java than in DuckDB, or may be by the age of Java: some change into several letters
 * ("ß" into "SS"), some look at those around (the Greek sigma), some came late. Found by comparing all of Unicode.
 */
const late = "\\u1C80-\\u1C8F\\u1F00-\\u1FFF\\u2C00-\\u2C5F\\uA7AE-\\uA7FF\\x{10000}-\\x{1EFFF}";
const odd = {
  upper: `[\\u00DF\\u0149\\u019B\\u01F0\\u0264\\u0282\\u0390\\u03B0\\u0587\\u1D8E\\u1E96-\\u1E9A\\uAB53\\uFB00-\\uFB17${late}]`,
  lower: `[\\u0130\\u03A3${late}]`,
};

/** A text in capital or small letters; odd letters end the query. */
export function letterCase(scope: Scope, name: "upper" | "lower", sql: string): string {
  const error = raise(`${name}() of a letter that Spark and DuckDB change otherwise`);
  return once(
    scope,
    sql,
    (x) => `CASE WHEN rlike(${x}, ${textLiteral(odd[name])}) THEN ${error} ELSE ${name}(${x}) END`,
  );
}
