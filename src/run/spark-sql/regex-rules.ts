import { arg, type Call, constantAt, type Rule, type Rules, refused } from "./call.ts";
import { letterCase } from "./letter-case.ts";
import { is } from "./logical-type.ts";
import { textLiteral } from "./scope.ts";

/** `LIKE`: Spark's has an escape always, so one is named that does not occur. */
function like(call: Call, marker: string): string | undefined {
  const pattern = constantAt(call, 1);
  if (pattern === undefined || !is(arg(call, 0).type, "VARCHAR")) return undefined;
  const mark = [..."!~^#@"].find((candidate) => !pattern.includes(candidate));
  if (mark === undefined || [...marker].length > 1) return undefined;
  let rendered = "";
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (marker === "" || character !== marker) {
      rendered += character;
      continue;
    }
    const escaped = characters[++at];
    if (escaped === undefined) return undefined;
    rendered += escaped === "%" || escaped === "_" ? `${mark}${escaped}` : escaped;
  }
  return `(${arg(call, 0).sql} LIKE ${textLiteral(rendered)} ESCAPE '${mark}')`;
}

/** Both sides in small letters; the pattern may not have odd ones. */
function ilike(call: Call): string | undefined {
  const pattern = constantAt(call, 1);
  if (pattern === undefined || !/^[ -~]*$/.test(pattern)) return undefined;
  const mark = [..."!~^#@"].find((candidate) => !pattern.includes(candidate));
  if (mark === undefined) return undefined;
  const text = letterCase(call.scope, "lower", arg(call, 0).sql);
  return `(${text} LIKE ${textLiteral(pattern.toLowerCase())} ESCAPE '${mark}')`;
}

const not =
  (rule: Rule): Rule =>
  (call) => {
    const rendered = rule(call);
    return rendered && `(NOT ${rendered})`;
  };
const plainLike: Rule = (call) => like(call, "");
const escapedLike: Rule = (call) => like(call, constantAt(call, 2) ?? "");

/** What a pattern is made of where RE2 and Java read it the same; `.` and `$` are put in Java's words. */
const token =
  /\\[dDwW.\\+*?()[\]{}|^$/-]|\\[nrt]|\[\^?(?:[^\\[\]&~-]|\\[dw.\\\]^$*+?()|/-])(?:(?:[^\\[\]&~-]|\\[dw.\\\]^$*+?()|/-])|-(?=[^\]\\-])|-(?=\]))*\]|\(\?:|[()|]|[*+?]\??|\{\d{1,3}(?:,\d{0,3})?\}\??|\.|\^|\$|[^\\[\](){}|*+?.^$]/gu;

function javaPattern(pattern: string): string {
  const tokens = pattern.match(token) ?? [];
  if (tokens.join("") !== pattern || /[*+?}][*+]/.test(pattern)) {
    throw refused(
      `the regular expression ${pattern} has a part that RE2 and Java may read otherwise`,
      "Use letters, digits, character classes, groups, alternatives, anchors and the repetitions * + ? {n,m} only.",
    );
  }
  const words: Record<string, string> = { ".": "[^\\n]", $: "\\z" };
  return tokens.map((each) => words[each] ?? each).join("");
}

/** The pattern if it is constant, and no options are given. */
function patternOf(call: Call, arity: number): string | undefined {
  const pattern = constantAt(call, 1);
  const options = call.args.length > arity ? constantAt(call, arity) : "";
  return pattern === undefined || !is(arg(call, 0).type, "VARCHAR") || options !== ""
    ? undefined
    : javaPattern(pattern);
}

const matches: Rule = (call) => {
  const pattern = patternOf(call, 2);
  return pattern && `rlike(${arg(call, 0).sql}, ${textLiteral(pattern)})`;
};

const fullMatch: Rule = (call) => {
  const pattern = patternOf(call, 2);
  return pattern && `rlike(${arg(call, 0).sql}, ${textLiteral(`\\A(?:${pattern})\\z`)})`;
};

const extract: Rule = (call) => {
  const pattern = patternOf(call, 3);
  const group = call.args.length > 2 ? constantAt(call, 2) : "0";
  if (pattern === undefined || group === undefined || !/^\d$/.test(group)) return undefined;
  return `regexp_extract(${arg(call, 0).sql}, ${textLiteral(pattern)}, ${group})`;
};

/** Every match (with the option "g") is replaced: Spark has no way to replace the first one only. */
const replace: Rule = (call) => {
  const [replacement, options] = [constantAt(call, 2), constantAt(call, 3)];
  const pattern = constantAt(call, 1);
  if (pattern === undefined || replacement === undefined || !is(arg(call, 0).type, "VARCHAR")) return undefined;
  if (options !== "g") {
    throw refused(
      "regexp_replace() of the first match has no equal in Spark",
      "Replace every match: regexp_replace(x, pattern, text, 'g').",
    );
  }
  const java = javaPattern(pattern);
  if (new RegExp(`^(?:${pattern})`, "u").test("") || /[\\$]/.test(replacement)) return undefined;
  return `regexp_replace(${arg(call, 0).sql}, ${textLiteral(java)}, ${textLiteral(replacement)})`;
};

export const regexRules: Rules = {
  "~~": plainLike,
  "!~~": not(plainLike),
  like_escape: escapedLike,
  not_like_escape: not(escapedLike),
  "~~*": ilike,
  "!~~*": not(ilike),
  regexp_matches: matches,
  regexp_full_match: fullMatch,
  regexp_extract: extract,
  regexp_replace: replace,
};
