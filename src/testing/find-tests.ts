/** A test or suite as the source has it. */
export type FoundTest = {
  /** Names of the suites around it, outermost first, and its own. */
  path: readonly string[];
  suite: boolean;
  /** Lines from 1, the first and the last. */
  line: number;
  lastLine: number;
};

const call = /(describe|suite|test|it)(?:\.(?:only|skip|todo))?\s*\(\s*(?=["'`])/y;

/**
 * The tests that a file declares with a plain text as their name; names that are computed are found only by running it.
 */
export function findTests(text: string): FoundTest[] {
  const found: FoundTest[] = [];
  const open: { test: FoundTest; depth: number }[] = [];
  let depth = 0;
  let line = 1;
  let at = 0;
  const skipTo = (end: number) => {
    for (; at < end; at++) if (text[at] === "\n") line += 1;
  };
  while (at < text.length) {
    const character = text[at] ?? "";
    const rest = text.slice(at, at + 2);
    if (rest === "//") skipTo(endOf(text, { from: at, mark: "\n" }));
    else if (rest === "/*") skipTo(endOf(text, { from: at + 2, mark: "*/" }));
    else if (character === '"' || character === "'" || character === "`") skipTo(endOfString(text, at));
    else if (character === "(") {
      depth += 1;
      at += 1;
    } else if (character === ")") {
      depth -= 1;
      while (open.length > 0 && depth < (open.at(-1)?.depth ?? 0)) {
        const closed = open.pop();
        if (closed) closed.test.lastLine = line;
      }
      at += 1;
    } else if (/[A-Za-z_$]/.test(character)) {
      call.lastIndex = at;
      const match = call.exec(text);
      if (match?.[1]) {
        const begin = at + match[0].length;
        const name = plainText(text.slice(begin, endOfString(text, begin)));
        if (name !== undefined) {
          const suite = match[1] === "describe" || match[1] === "suite";
          const around = open.map(({ test }) => test.path.at(-1) ?? "");
          const test: FoundTest = { path: [...around, name], suite, line, lastLine: line };
          found.push(test);
          open.push({ test, depth: depth + 1 });
        }
        depth += 1;
        skipTo(begin);
      } else {
        skipTo(at + (/^[\w$.]+/.exec(text.slice(at, at + 200))?.[0].length ?? 1));
      }
    } else skipTo(at + 1);
  }
  return found;
}

function endOf(text: string, { from, mark }: { from: number; mark: string }): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + mark.length;
}

/** After the closing quote; `from` is at the opening one. */
function endOfString(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

/** What a literal says; undefined where it is put together when it runs. */
function plainText(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  if (literal.startsWith("`") && inner.includes("${")) return undefined;
  return inner.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
