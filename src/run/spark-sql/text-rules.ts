import { arg, type Call, constantAt, integerAt, type Rule, type Rules, refused } from "./call.ts";
import { letterCase } from "./letter-case.ts";
import { is, sparkType } from "./logical-type.ts";
import { regexRules } from "./regex-rules.ts";
import { once, raise, textLiteral } from "./scope.ts";

const isText = (call: Call, index = 0): boolean => {
  const type = call.args[index]?.type;
  return type !== undefined && is(type, "VARCHAR");
};

/** A function of texts that means the same under this name. */
const ofTexts =
  (name: string, arity: number): Rule =>
  (call) =>
    call.args.length === arity && call.args.every((_, index) => isText(call, index))
      ? `CAST(${name}(${call.args.map(({ sql }) => sql).join(", ")}) AS ${sparkType(call.type)})`
      : undefined;

const letters =
  (name: "upper" | "lower"): Rule =>
  (call) =>
    isText(call) && call.args.length === 1 ? letterCase(call.scope, name, arg(call, 0).sql) : undefined;

const spaces = "\\\\p{Zs}";
const trimmed =
  (name: "trim" | "ltrim" | "rtrim"): Rule =>
  (call) => {
    if (!isText(call)) return undefined;
    const { sql } = arg(call, 0);
    const [start, end] = [`^${spaces}+`, `${spaces}+\\\\z`];
    const pattern = { trim: `${start}|${end}`, ltrim: start, rtrim: end }[name];
    if (call.args.length === 1) return `regexp_replace(${sql}, '${pattern}', '')`;
    const characters = constantAt(call, 1);
    if (characters === undefined || characters === "") return undefined;
    const side = { trim: "BOTH", ltrim: "LEADING", rtrim: "TRAILING" }[name];
    return `trim(${side} ${textLiteral(characters)} FROM ${sql})`;
  };

/** Positions count from 1; below that, and lengths below 0, Spark and DuckDB count otherwise. */
const substring: Rule = (call) => {
  if (!isText(call)) return undefined;
  const { sql } = arg(call, 0);
  const start = integerAt(call, 1);
  const length = call.args.length > 2 ? integerAt(call, 2) : 0;
  if (start !== undefined && start >= 1 && length !== undefined && length >= 0) {
    return `substring(${sql}, ${[start, ...(call.args.length > 2 ? [length] : [])].join(", ")})`;
  }
  if (start !== undefined && start < 1) {
    throw refused(
      `${call.name}() from position ${start} is counted otherwise on Spark`,
      "Use left(), right() or a position from 1.",
    );
  }
  const asInt = (at: number) => `CAST(${arg(call, at).sql} AS INT)`;
  return once(call.scope, asInt(1), (from) => {
    const outside = call.args.length > 2 ? `${from} < 1 OR ${asInt(2)} < 0` : `${from} < 1`;
    const part = [sql, from, ...(call.args.length > 2 ? [asInt(2)] : [])].join(", ");
    return `CASE WHEN ${outside} THEN ${raise("a position below 1, which Spark counts otherwise")} ELSE substring(${part}) END`;
  });
};

const side =
  (name: "left" | "right"): Rule =>
  (call) => {
    if (!isText(call)) return undefined;
    const count = integerAt(call, 1);
    if (count === undefined) return undefined;
    if (count < 0) throw refused(`${name}() of a negative count has no equal in Spark`, "Use substring() from 1.");
    return `${name}(${arg(call, 0).sql}, ${count})`;
  };

const length: Rule = (call) => {
  const { sql, type } = arg(call, 0);
  if (is(type, "VARCHAR")) return `CAST(char_length(${sql}) AS BIGINT)`;
  return type.kind === "list" ? `CAST(size(${sql}) AS BIGINT)` : undefined;
};

/** `||`: null if one side is. */
const concatenated: Rule = ({ args }) =>
  args.every(({ type }) => is(type, "VARCHAR") || is(type, "BLOB"))
    ? `concat(${args.map(({ sql }) => sql).join(", ")})`
    : undefined;

/** `concat()`: without the nulls. */
const concat: Rule = ({ args }) =>
  args.every(({ type }) => is(type, "VARCHAR"))
    ? `concat(${args.map(({ sql }) => `coalesce(${sql}, '')`).join(", ")})`
    : undefined;

const padded =
  (name: "lpad" | "rpad"): Rule =>
  (call) => {
    const [count, padding] = [integerAt(call, 1), constantAt(call, 2)];
    if (!isText(call) || count === undefined || count < 0 || !padding) return undefined;
    return `${name}(${arg(call, 0).sql}, ${count}, ${textLiteral(padding)})`;
  };

const repeat: Rule = (call) => {
  const count = integerAt(call, 1);
  return isText(call) && count !== undefined && count >= 0 ? `repeat(${arg(call, 0).sql}, ${count})` : undefined;
};

/** Where the searched text is empty, the engines find it at other places. */
const needle =
  (render: (x: string, searched: string) => string): Rule =>
  (call) => {
    const searched = constantAt(call, 1);
    return isText(call) && searched ? render(arg(call, 0).sql, textLiteral(searched)) : undefined;
  };

const split: Rule = (call) => {
  const separator = constantAt(call, 1);
  if (!isText(call) || !separator || separator.includes("\\E")) return undefined;
  return `split(${arg(call, 0).sql}, ${textLiteral(`\\Q${separator}\\E`)}, -1)`;
};

const splitPart: Rule = (call) => {
  const [separator, index] = [constantAt(call, 1), integerAt(call, 2)];
  if (!isText(call) || !separator || index === undefined || index < 1) return undefined;
  return `split_part(${arg(call, 0).sql}, ${textLiteral(separator)}, ${index})`;
};

const replace: Rule = (call) => {
  const searched = constantAt(call, 1);
  if (!isText(call) || !searched) return undefined;
  return `replace(${arg(call, 0).sql}, ${textLiteral(searched)}, ${arg(call, 2).sql})`;
};

const concatWs: Rule = (call) =>
  call.args.every(({ type }) => is(type, "VARCHAR")) && call.args.length > 1
    ? `concat_ws(${call.args.map(({ sql }) => sql).join(", ")})`
    : undefined;

const digest =
  (render: (x: string) => string): Rule =>
  (call) =>
    isText(call) ? render(`encode(${arg(call, 0).sql}, 'UTF-8')`) : undefined;

export const textRules: Rules = {
  ...regexRules,
  "||": concatenated,
  concat,
  concat_ws: concatWs,
  length,
  len: length,
  char_length: length,
  character_length: length,
  strlen: ofTexts("octet_length", 1),
  bit_length: ofTexts("bit_length", 1),
  upper: letters("upper"),
  ucase: letters("upper"),
  lower: letters("lower"),
  lcase: letters("lower"),
  trim: trimmed("trim"),
  ltrim: trimmed("ltrim"),
  rtrim: trimmed("rtrim"),
  substring,
  substr: substring,
  left: side("left"),
  right: side("right"),
  contains: ofTexts("contains", 2),
  starts_with: ofTexts("startswith", 2),
  prefix: ofTexts("startswith", 2),
  "^@": ofTexts("startswith", 2),
  ends_with: ofTexts("endswith", 2),
  suffix: ofTexts("endswith", 2),
  instr: needle((x, searched) => `CAST(instr(${x}, ${searched}) AS BIGINT)`),
  strpos: needle((x, searched) => `CAST(instr(${x}, ${searched}) AS BIGINT)`),
  position: needle((x, searched) => `CAST(instr(${x}, ${searched}) AS BIGINT)`),
  lpad: padded("lpad"),
  rpad: padded("rpad"),
  repeat,
  replace,
  split,
  string_split: split,
  str_split: split,
  string_to_array: split,
  split_part: splitPart,
  md5: digest((bytes) => `md5(${bytes})`),
  sha1: digest((bytes) => `sha1(${bytes})`),
  sha256: digest((bytes) => `sha2(${bytes}, 256)`),
};
