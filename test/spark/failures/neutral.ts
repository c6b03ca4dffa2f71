/** Texts without what belongs to this machine: `known` has its paths and names, and what stands for them. */
export function neutral(text: string, known: Readonly<Record<string, string>>): string {
  return Object.entries(known).reduce((changed, [own, other]) => changed.replaceAll(own, other), text);
}

/** More calls of Java than this tell nothing. */
const mostCalls = 4;

/** Logs without what no reader needs: most calls of Java, and what Spark says of its daily work. */
export function shortened(text: string): string {
  let calls = 0;
  const kept = text.split("\n").filter((line) => {
    calls = /^\s+at [\w.$/]+\(/.test(line) ? calls + 1 : 0;
    if (calls > mostCalls) return false;
    return !/^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d INFO (?!Executor: )/.test(line);
  });
  return kept.join("\n");
}
