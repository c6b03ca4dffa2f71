import type { AdviceRule } from "./advice-rule.ts";

/** What to do about exceptions that Python itself raises. */
export const onPython: readonly AdviceRule[] = [
  {
    type: /^(?:Syntax|Indentation|Tab)Error$/,
    advice: () => "Python cannot read the script: correct it there, or in the line before.",
  },
  {
    type: /^SystemExit$/,
    side: "worker",
    advice: () => "sys.exit() in a function ends the task, not the job: raise an exception that says why.",
  },
  { type: /^NotImplementedError$/, advice: () => "A method is called that its class leaves to others: write it." },
  {
    type: /^RecursionError$/,
    advice: () => "The function calls itself without an end, or the data is too deep: use a loop.",
  },
  {
    type: /^(?:MemoryError|ArrowMemoryError)$/,
    side: "worker",
    advice: () =>
      "The Python worker has too little memory: raise spark.executor.pyspark.memory or spark.executor.memoryOverhead, use more partitions, or fewer rows at once (spark.sql.execution.arrow.maxRecordsPerBatch).",
  },
  {
    type: /^(?:FileNotFoundError|NotADirectoryError)$/,
    side: "worker",
    advice: () =>
      "The executors do not have that file: ship it with --files or addFile and open SparkFiles.get(name), or put it where all nodes see it.",
  },
  {
    type: /^FileNotFoundError$/,
    advice: () => "Correct the path: a relative one is taken from the folder that the driver runs in.",
  },
  {
    message: /\(\) (?:missing \d+ required|takes (?:from )?\d+ .*positional)/,
    advice: () =>
      "It is called with another number of arguments than it has: give as many columns, or correct its signature.",
  },
  {
    message: /NoneType/,
    side: "worker",
    advice: () => "A value is None, which is a null of a column: test for it first, or filter such rows before.",
  },
  { message: /NoneType/, advice: () => "Something is None there: look at what was to give it." },
  {
    type: /^(?:ConnectionError|ConnectTimeout|TimeoutError|gaierror|timeout|URLError|SSLError)$/,
    advice: () => "The service does not answer the machine that this ran on: look at its address, network and load.",
  },
  {
    type: /^(?:NameError|UnboundLocalError)$/,
    advice: () => "Nothing has that name there: correct it, or define or import it where the function can see it.",
  },
  {
    type: /^KeyError$/,
    side: "worker",
    advice: () =>
      "There is no such key or column: correct its name, or say what holds for rows without it (get(), a default).",
  },
  {
    type: /^AssertionError$/,
    side: "worker",
    advice: () => "An assertion does not hold for a row: look at the value, and handle or filter such rows before.",
  },
];
