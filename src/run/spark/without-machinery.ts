/** Files of Spark, of Python's libraries, of this product's driver, and of the stub as executors have it. */
const machinery =
  /^\s*File "[^"]*(?:[/\\](?:site-packages|dist-packages|pyspark\.zip|spark-driver|run[/\\]spark[/\\]driver)[/\\]|\.stub\.py"|<frozen |<native-udf>")/;
const call = /^\s*File "/;
const source = /^ {4}/;
/** Says nothing where no call is left below it. */
const head = /^Traceback \(most recent call last\):$/;
/** Calls in Java, and lines that are meant for programs. */
const noise = /^\s+at [\w.$/]+\(|^\s*\.\.\. \d+ more|native-udf: \{|^\{"module":|^Extension modules: /;

/** A failure's text without calls that no author can change: of Java, of Spark and of libraries. */
export function withoutMachinery(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let skipping = false;
  for (const line of lines) {
    if (machinery.test(line)) skipping = true;
    else if (call.test(line) || !source.test(line)) skipping = false;
    if (!skipping && line.trim() !== "" && !noise.test(line)) kept.push(line);
  }
  return kept.filter((line, index) => !head.test(line) || call.test(kept[index + 1] ?? ""));
}
