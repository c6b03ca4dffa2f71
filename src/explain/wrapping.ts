import { linesOfJson } from "./json-lines.ts";

/** A line as Spark or Python wrote it, and which of several processes did, where the log tells. */
export type WrittenLine = { writer: string; text: string };

/** What begins a line where no tool has put something before it. */
const level = "TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL";
const anchor = new RegExp(
  String.raw`^(.*?)(?:( {2}File "[^"]+", line \d|\tat [\w.$/]+\()|\d\d/\d\d/\d\d \d\d:\d\d:\d\d (?:${level}) )`,
);
/** Other lines that begin so are of Spark's console or of groups of exceptions. */
const usual = /^(?:[\s|+-]*|\[Stage .*|.*(?:Exception|Error|worker|Python|failure).*)$/;
const levels = new RegExp(`^(?:${level})$`);
const months = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/;
const moment =
  /\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|[A-Z][a-z]{2} +\d+(?= )|\b\d{9,}\b/g;
const anyLevel = new RegExp(String.raw`\b(?:${level})\b`, "g");

const longestPrefix = 300;
/** What decides how a log's lines begin. */
const enough = { anchors: 100, lines: 20_000, characters: 8_000_000 };

/** Takes what a tool has put before every line, or around it, off a log: schedulers, containers, collectors of logs. */
export async function* unwrapped(
  log: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
): AsyncGenerator<Iterable<WrittenLine>> {
  let waiting: string[] | undefined = [];
  let characters = 0;
  const votes = new Votes();
  let wrapping: Wrapping | undefined;
  for await (const piece of log) {
    const lines = piece.flatMap(linesOfJson).map(outOfTable);
    if (!waiting) {
      yield lines.map((line) => written(line, wrapping));
      continue;
    }
    for (const line of lines) {
      waiting.push(line);
      characters += line.length;
      votes.take(line);
    }
    const isDecided =
      votes.anchors >= enough.anchors || waiting.length >= enough.lines || characters >= enough.characters;
    if (!isDecided) continue;
    wrapping = votes.winner();
    yield waiting.map((line) => written(line, wrapping));
    waiting = undefined;
  }
  if (!waiting) return;
  wrapping = votes.winner();
  yield waiting.map((line) => written(line, wrapping));
}

type Wrapping = { prefix: RegExp; isOnEach: boolean; last: string };

function written(line: string, wrapping: Wrapping | undefined): WrittenLine {
  if (!wrapping) return { writer: "", text: line };
  const prefix = wrapping.prefix.exec(line)?.[0];
  // where records have a prefix and their further lines have none, these go on with the record
  if (prefix === undefined) return { writer: wrapping.isOnEach ? "" : wrapping.last, text: line };
  wrapping.last = prefix.replace(moment, "").replace(anyLevel, "");
  return { writer: wrapping.last, text: line.slice(prefix.length) };
}

/** A line of a table of times and lines (CSV), as cloud consoles export it, without the quoting. */
function outOfTable(line: string): string {
  const [, time, text] = /^([\d:.TZ+ -]{8,40},)"(.*)"\r?$/.exec(line) ?? [];
  return time === undefined || text === undefined ? line : `${time}${text.replaceAll('""', '"')}`;
}

/** Counts what the lines begin with whose own beginning is known. */
class Votes {
  anchors = 0;
  readonly #calls = new Map<string, number>();
  readonly #others = new Map<string, number>();

  take(line: string): void {
    if (/^(?:\tat |Caused by: |Traceback \(most recent call last\):$)/.test(line)) {
      this.#vote(line.startsWith("\t") ? this.#calls : this.#others, "");
      return;
    }
    const [, prefix, call] = anchor.exec(line.slice(0, longestPrefix)) ?? [];
    if (prefix === undefined) return;
    if (usual.test(prefix) && !/^(?: +|(?:> ?)+)$/.test(prefix)) {
      if (prefix === "" || /^\s*[|+]/.test(prefix)) this.#vote(call === undefined ? this.#others : this.#calls, "");
      return;
    }
    this.#vote(call === undefined ? this.#others : this.#calls, shapeOf(withoutGroup(prefix)));
  }

  #vote(votes: Map<string, number>, shape: string): void {
    this.anchors += 1;
    votes.set(shape, (votes.get(shape) ?? 0) + 1);
  }

  winner(): Wrapping | undefined {
    const ofCalls = most(this.#calls);
    const shape = ofCalls || most(this.#others);
    if (!shape) return undefined;
    const [, body = "", end = ""] = /^(.*?)( *)$/.exec(shape) ?? [];
    // tools may cut the space off where the line itself is empty
    return { prefix: new RegExp(`^${body}(?:${end}|$)`), isOnEach: ofCalls !== "", last: "" };
  }
}

/** What more than half of the votes are for; empty where that is a line's own beginning, or nothing is. */
function most(votes: ReadonlyMap<string, number>): string {
  const all = [...votes.values()].reduce((sum, count) => sum + count, 0);
  return [...votes].find(([, count]) => count * 2 > all)?.[0] ?? "";
}

/** `  | ` before the calls of an exception in a group belongs to them, but docker compose has it too. */
function withoutGroup(prefix: string): string {
  const before = /^(.*? )(?: {2,}\| )$/.exec(prefix)?.[1];
  return before === undefined || /^[\w.-]+ *$/.test(before) ? prefix : before;
}

/** A pattern for prefixes like this one, with other times, numbers and levels. */
function shapeOf(prefix: string): string {
  const words = prefix.match(/[A-Za-z0-9]+| +|[^A-Za-z0-9 ]/g) ?? [];
  return words
    .map((word, index) => {
      if (/^ +$/.test(word)) return index === words.length - 1 ? word : " +";
      if (/\d/.test(word)) return "[A-Za-z0-9]+";
      if (levels.test(word) || months.test(word)) return "[A-Za-z]+";
      return word.replace(/[^A-Za-z0-9]/, "\\$&");
    })
    .join("")
    .replaceAll(/(\[A-Za-z0-9\]\+)\\([.,])\[A-Za-z0-9\]\+/g, "$1(?:[.,][A-Za-z0-9]+)?");
}
