import { explain } from "../../src/explain/explain.ts";
import type { ExplainedFailure } from "../../src/explain/explanation.ts";

/** What is told of logs given as texts; `files` are the author's, below /home/ada/job. */
export async function explainedOf(
  texts: string | readonly string[],
  files: readonly string[] = [],
): Promise<ExplainedFailure[]> {
  const logs = [texts].flat().map((text) => [text.split("\n")]);
  return (await explain(logs, { folder: "/home/ada/job", files: new Set(files) })).diagnostics;
}

/** The first of them, which is the cause, in one line and its calls in another. */
export async function causeOf(texts: string | readonly string[], files: readonly string[] = []): Promise<string[]> {
  const [first] = await explainedOf(texts, files);
  if (!first) return [];
  const { origin, exceptionType, message, file, line, frames } = first;
  const calls = frames.map((frame) => `${frame.file}:${frame.line} ${frame.function}`).join(" > ");
  return [`${origin} | ${exceptionType} | ${message} | ${file}:${line}`, calls];
}
