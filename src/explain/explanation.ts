import * as z from "zod";

/** What part of a job a failure belongs to. */
export const failureOrigins = [
  "worker-exception",
  "driver-exception",
  "crash",
  "serialize",
  "import",
  "cluster",
  "analysis",
  "cancelled",
  "output",
] as const;
export type FailureOrigin = (typeof failureOrigins)[number];

/** A call of the author's code. `file` is a path below the root where it lies there. */
export const frameSchema = z.object({
  file: z.string(),
  line: z.number().int().positive(),
  function: z.string().nullable(),
});

/** One failure as a person should be told it. What no log names is null. */
export const explainedFailureSchema = z.object({
  origin: z.enum(failureOrigins),
  exceptionType: z.string().nullable(),
  message: z.string(),
  file: z.string().nullable(),
  line: z.number().int().positive().nullable(),
  function: z.string().nullable(),
  /** The author's calls, outermost first. */
  frames: z.array(frameSchema),
  advice: z.string().nullable(),
});
export type ExplainedFailure = z.infer<typeof explainedFailureSchema>;

/** What `native-udf explain --json` prints: the root cause first. */
export const explanationSchema = z.object({ diagnostics: z.array(explainedFailureSchema) });
export type Explanation = z.infer<typeof explanationSchema>;
