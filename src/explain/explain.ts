import { adviceOn } from "./advice.ts";
import { AuthorFiles, type SourceRoot } from "./author-files.ts";
import { type Chosen, choose } from "./choose.ts";
import type { ExplainedFailure, Explanation } from "./explanation.ts";
import type { RawFrame } from "./failure.ts";
import { writerOf } from "./log-lines.ts";
import type { NativePlace } from "./native-lines.ts";
import { originOf } from "./origin.ts";
import { LogReader } from "./read-log.ts";
import { unwrapped, type WrittenLine } from "./wrapping.ts";

/** Finds the author's lines in C++ of what a module of native-udf told, outermost first; none where they are not known. */
export type NativePlaces = (place: NativePlace) => Promise<readonly RawFrame[]>;

/**
 * What failed, out of the logs of one run: the driver's, its exception's text and the executors', in any order, each as
 * lines in pieces of any size. `nativePlaces` is handed in where debug info may be at hand.
 */
export async function explain(
  logs: Iterable<Iterable<readonly string[]> | AsyncIterable<readonly string[]>>,
  root: SourceRoot,
  nativePlaces?: NativePlaces,
): Promise<Explanation> {
  const findings = [];
  for (const log of logs) {
    const readers = new Map<string, LogReader>();
    for await (const lines of unwrapped(log)) for (const line of lines) readerOf(line, readers).take(line.text);
    findings.push(...[...readers.values()].map((reader) => reader.finish()));
  }
  const chosen = choose(findings, new AuthorFiles(root));
  return { diagnostics: await Promise.all(chosen.map((one) => placed(one, nativePlaces))) };
}

/** More are words before a bar in some table. */
const mostWriters = 200;

/** Lines of several processes in one log are mixed, even within a traceback: each process has a reader of its own. */
function readerOf({ writer: tool, text }: WrittenLine, readers: Map<string, LogReader>): LogReader {
  const named = tool === "" ? writerOf(text) : tool;
  const writer = readers.has(named) || readers.size < mostWriters ? named : "";
  const reader = readers.get(writer) ?? new LogReader();
  if (!readers.has(writer)) readers.set(writer, reader);
  return reader;
}

/** What a module's function failed at is its line in C++, where that is known. */
async function placed(chosen: Chosen, nativePlaces: NativePlaces | undefined): Promise<ExplainedFailure> {
  const { native } = chosen.failure;
  const frames = native && nativePlaces ? await nativePlaces(native) : [];
  return explained(frames.length > 0 ? { ...chosen, frames: [...frames] } : chosen);
}

function explained({ failure, frames, driver, site }: Chosen): ExplainedFailure {
  const origin = originOf(failure);
  const { locals, message } = failure;
  // a bare error class of the analysis
  const type = failure.type ?? (origin === "analysis" ? analysisType(message) : null);
  const about = { origin, exceptionType: type, message };
  const advice = adviceOn({ ...failure, frames, locals: locals ?? [], isWhole: failure.frames.length > 0 }, origin);
  const at = frames.at(-1);
  if (origin === "cluster") return { ...about, file: null, line: null, function: null, frames: [], advice };
  if (site) {
    const called = frames.findLast(({ file, line }) => file === site.file && line === site.line)?.function ?? null;
    return {
      ...about,
      file: site.file,
      line: site.line,
      function: called,
      frames: frames.length > 1 ? frames : [],
      advice,
    };
  }
  if (at) {
    const calls = failure.side === "driver" && origin !== "driver-exception" && frames.length === 1 ? [] : frames;
    return { ...about, file: at.file, line: at.line, function: at.function, frames: calls, advice };
  }
  const surfaced = driver.at(-1);
  // on a worker none of the author's lines is known: the driver's line is where it surfaced, not where the fault is
  const known =
    failure.side === "driver" ||
    failure.kind === "java" ||
    origin === "output" ||
    origin === "analysis" ||
    origin === "cancelled";
  const place =
    known && surfaced ? { line: surfaced.line, function: surfaced.function } : { line: null, function: null };
  const calls = known && driver.length > 1 ? [...driver] : [];
  return { ...about, file: surfaced?.file ?? null, ...place, frames: calls, advice };
}

function analysisType(message: string): string {
  return message.startsWith("[PARSE_") ? "ParseException" : "AnalysisException";
}
