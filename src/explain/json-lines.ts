import * as z from "zod";

/** The names that collectors of logs have for the line itself. */
const lineNames = ["log", "message", "MESSAGE", "textPayload", "@message", "line", "body"] as const;
const whole = z.record(z.string(), z.unknown());
const lines = z.array(z.string());
/** Records that tools have put into records are not deeper; data may be. */
const deepest = 20;
/** A line of JSON that is laid out for reading. */
const laidOut = /^\s+"(?:log|message|MESSAGE|textPayload|@message)": (".*"),?\r?$/;

/** The lines that are in a line of JSON, as collectors and loggers write it, but not deep in it; others as they are. */
export function linesOfJson(raw: string): string[] {
  return linesAt(raw, 0);
}

function linesAt(raw: string, depth: number): string[] {
  const inside = laidOut.exec(raw)?.[1];
  if (inside !== undefined) {
    const text = parsed(inside);
    return typeof text === "string" ? split(text) : [raw];
  }
  if (!raw.startsWith("{")) return [raw];
  const object = whole.safeParse(parsed(raw)).data;
  if (!object) return [raw];
  const many = lines.safeParse(object.log).data;
  if (many) return many.flatMap(split);
  const text = lineNames.map((name) => object[name]).find((value) => typeof value === "string");
  if (typeof text !== "string") return [raw];
  if (text.startsWith("{") && depth < deepest) return split(text).flatMap((line) => linesAt(line, depth + 1));
  const [first = "", ...rest] = split(text);
  return [`${recordOf(object)}${first}`, ...rest, ...thrownIn(object, text, 0)];
}

/** What a plain log has before the message of a logger's record. */
function recordOf(object: Record<string, unknown>): string {
  const level = object.level ?? object["log.level"] ?? object.levelname ?? object.severity;
  const logger = object.logger ?? object.loggerName ?? object.logger_name ?? object["log.logger"] ?? object.name;
  if (typeof level !== "string" || typeof logger !== "string" || !/^[\w.$]+$/.test(logger)) return "";
  return `00:00:00 ${level.toUpperCase()} ${logger}: `;
}

/** The lines of exceptions that a record has beside its message. */
function thrownIn(object: Record<string, unknown>, line: string, depth: number): string[] {
  if (depth > deepest) return [];
  return Object.values(object).flatMap((value) => {
    if (value === line) return [];
    if (typeof value === "string") return /\n[ \t]*at |Traceback \(most recent/.test(value) ? split(value) : [];
    const inner = whole.safeParse(value).data;
    return inner ? thrownIn(inner, line, depth + 1) : [];
  });
}

function split(text: string): string[] {
  return text.replace(/\r?\n$/, "").split("\n");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
