import type { logLevels } from "../core/events.ts";

type LogLevel = (typeof logLevels)[number];

/** A line says its level itself (`error: …`, `[WARN] …`, Spark's `26/11/21 19:12:46 INFO …`); otherwise stderr is a warning, which decides nothing. */
export function levelOf(stream: "stdout" | "stderr", text: string): LogLevel {
  const word = /^(?:\d\d\/\d\d\/\d\d [\d:]{8} )?\W*(debug|info|warn(?:ing)?|error|fatal)\b/i
    .exec(text)?.[1]
    ?.toLowerCase();
  switch (word) {
    case "debug":
      return "debug";
    case "info":
      return "info";
    case "warn":
    case "warning":
      return "warning";
    case "error":
    case "fatal":
      return "error";
    default:
      return stream === "stderr" ? "warning" : "info";
  }
}
