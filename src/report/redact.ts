type Options = {
  environment: Readonly<Record<string, string | undefined>>;
  /** Names of people and machines. */
  names: readonly string[];
  home: string;
};

const secretName = /token|secret|passw|credential|api_?key|access_?key|private|auth/i;
/** Shorter values would hide half of the text. */
const leastLength = 6;

/** Credentials in URLs, headers, and assignments such as `password=…`. */
const patterns: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, "$1<hidden>@"],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, "$1 <hidden>"],
  [/\b(token|secret|passw(?:or)?d|api[-_]?key)(["']?\s*[:=]\s*["']?)[^\s"',;]{6,}/gi, "$1$2<hidden>"],
  [/\b(?:gh[pousr]_|dapi|sk-|xox[baprs]-|AKIA)[A-Za-z0-9_-]{10,}/g, "<hidden>"],
];

/** Gives a function that takes secrets, names and the home folder out of a text. */
export function redact({ environment, names, home }: Options): (text: string) => string {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= leastLength ? [value] : [],
  );
  const hidden = names.filter((name) => name.length > 2 && name !== "root");
  return (text) => {
    let result = text;
    for (const value of values) result = result.replaceAll(value, "<hidden>");
    for (const [pattern, replacement] of patterns) result = result.replaceAll(pattern, replacement);
    if (home.length > 1) result = result.replaceAll(home, "~");
    for (const name of hidden) result = result.replaceAll(new RegExp(`\\b${escaped(name)}\\b`, "g"), "<name>");
    return result;
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
