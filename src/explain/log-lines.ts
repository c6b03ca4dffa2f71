import * as z from "zod";

/** A line of a log without what the logger put before it. */
export type LogLine = {
  text: string;
  /** Set where the line begins a record of a logger. */
  record?: { level: string; logger: string };
};

/** More of a line than this tells nothing: it is data. */
const longestLine = 20_000;

const escapes = new RegExp(String.raw`${"\u001b"}(?:\[[0-?]*[ -/]*[@-~]|\][^${"\u0007"}]*${"\u0007"}?)`, "g");
const progress = /^(?:\[Stage \d+:[^\]]*\]\s*)+/;
/** Of containers: Kubernetes' `2026-11-21T05:00:00.123Z stderr F ` and `[pod/driver/main] `, and compose's `driver-1  | `. */
const container =
  /^(?:\[pod\/[^\]\s]+\] |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d) (?:(?:stdout|stderr) [FP] )?|[\w.-]+ +\| )/;
/** Which of several processes wrote a line, in a log that holds lines of all of them. */
const writer = /^(?:\[pod\/[^\]\s]+\]|[\w.-]+ +\|) /;
const level = "TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL";
const stamp = String.raw`(?:\d{2,4}[-/]\d\d[-/]\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const record = new RegExp(
  String.raw`^${stamp}\s+(?:\[[^\]]*\]\s+)?\[?(${level})\]?\s+(?:\[[^\]]*\]\s+)?([\w.$/-]+)(?:\s*\[[^\]]*\])?:\s?(.*)$`,
);

/** The process that wrote a line, as the tool that brought the lines together says; empty for other logs. */
export function writerOf(raw: string): string {
  return writer.exec(raw)?.[0] ?? "";
}

/** The lines of one line of a file: Spark's structured log holds a whole record in one. */
export function readLine(raw: string): LogLine[] {
  const whole = raw.length > longestLine && !raw.startsWith("{") ? raw.slice(0, longestLine) : raw;
  const visible = whole.includes("\u001b") ? whole.replaceAll(escapes, "") : whole;
  const plain = visible.replaceAll("\0", "").replace(/(?<!\r)\r+$/, "");
  return plain.split("\r").flatMap((part) => {
    const text = part.replace(container, "").replace(progress, "");
    if (text === "" && part !== "" && part !== text) return [];
    if (text.startsWith("{")) {
      const lines = structured(text);
      if (lines) return lines.map((line) => ({ ...line, text: line.text.slice(0, longestLine) }));
    }
    const found = record.exec(text.slice(0, longestLine));
    if (!found) return [{ text: text.slice(0, longestLine) }];
    const [, name = "", logger = "", message = ""] = found;
    return [{ text: message, record: { level: name.toUpperCase(), logger } }];
  });
}

const structuredSchema = z.object({
  level: z.string(),
  logger: z.string().optional(),
  msg: z.string(),
  exception: z
    .object({
      class: z.string(),
      msg: z.string().nullish(),
      stacktrace: z
        .union([
          z.string(),
          z.array(
            z.object({
              class: z.string().nullish(),
              method: z.string().nullish(),
              file: z.string().nullish(),
              line: z.union([z.string(), z.number()]).nullish(),
            }),
          ),
        ])
        .nullish(),
    })
    .optional(),
});

/** A record of `spark.log.structuredLogging.enabled` as the lines that the plain log would have; undefined for other JSON. */
function structured(text: string): LogLine[] | undefined {
  const parsed = structuredSchema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { level: name, logger = "", msg, exception } = parsed.data;
  const [first = "", ...rest] = msg.split("\n");
  const head: LogLine = { text: first, record: { level: name.toUpperCase(), logger } };
  const lines = [head, ...rest.map((line) => ({ text: line }))];
  if (!exception) return lines;
  const trace = exception.stacktrace ?? [];
  const frames =
    typeof trace === "string"
      ? trace.split("\n")
      : trace.map((at) => `\tat ${at.class ?? ""}.${at.method ?? ""}(${at.file ?? "Unknown Source"}:${at.line ?? 0})`);
  const thrown = `${exception.class}${exception.msg ? `: ${exception.msg}` : ""}`.split("\n");
  return [...lines, ...[...thrown, ...frames].map((line) => ({ text: line }))];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
