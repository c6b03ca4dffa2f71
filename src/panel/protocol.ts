import * as z from "zod";
import { diagnosticSchema } from "../core/diagnostic.ts";
import { logLevels, runOutcomes } from "../core/events.ts";

/*
 * The messages between the panel's page and its host, in both directions. Both sides validate what they get.
 */

/** A run in the list on the left. */
export const runItemSchema = z.object({
  id: z.string(),
  job: z.string(),
  target: z.string(),
  state: z.enum([...runOutcomes, "running", "lost"]),
  /** 0 to 1, of the map stage. */
  fraction: z.number().nullable(),
  seconds: z.number().nullable(),
});
export type RunItem = z.infer<typeof runItemSchema>;

/** One attempt at a part, on the timeline. Times are seconds since the run was queued. */
const timelinePartSchema = z.object({
  part: z.number(),
  worker: z.number(),
  attempt: z.number(),
  begin: z.number(),
  /** Null while it goes on. */
  end: z.number().nullable(),
  outcome: z.enum(["running", "succeeded", "failed"]),
  /** What of the input it has: `rows data/a.parquet 0–999`, or `stage 1, partition 0` on a cluster. */
  input: z.string(),
});
export type TimelinePart = z.infer<typeof timelinePartSchema>;

const samplesSchema = z.object({ seconds: z.array(z.number()), values: z.array(z.number()) });
export type Samples = z.infer<typeof samplesSchema>;

/** What the panel shows of one run, but for its log. */
export const runDetailSchema = z.object({
  id: z.string(),
  /** What goes on now. */
  stage: z.string(),
  /** How much of the map stage is done, 0 to 1. */
  share: z.number(),
  rows: z.number(),
  totalRows: z.number().nullable(),
  partsDone: z.number(),
  totalParts: z.number(),
  seconds: z.number(),
  rowsPerSecond: samplesSchema,
  /** Resident memory of all workers together, in bytes. */
  memory: samplesSchema,
  parts: z.array(timelinePartSchema),
  workers: z.array(z.number()),
  diagnostics: z.array(diagnosticSchema),
  result: z
    .object({
      path: z.string(),
      rows: z.number(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      preview: z.array(z.array(z.string().nullable())),
    })
    .nullable(),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const logLineSchema = z.object({
  worker: z.number(),
  level: z.enum(logLevels),
  time: z.string(),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Which lines of a log are shown; empty lists and an empty text leave all in. */
export const logFilterSchema = z.object({
  workers: z.array(z.number()),
  levels: z.array(z.enum(logLevels)),
  text: z.string(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

const request = z.number().int();

/** To the page. */
export const toPageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("runs"), runs: z.array(runItemSchema), selected: z.string().nullable() }),
  z.object({ kind: z.literal("detail"), detail: runDetailSchema }),
  /** The user wants to go on in the page by keyboard. */
  z.object({ kind: z.literal("focus") }),
  /** How many lines the log of the run has, and how many of them pass the filter with that number. */
  z.object({
    kind: z.literal("log.size"),
    run: z.string(),
    filter: z.number().int(),
    lines: z.number().int(),
    passing: z.number().int(),
  }),
  z.object({ kind: z.literal("log.lines"), request, first: z.number().int(), lines: z.array(logLineSchema) }),
  /** Position among the lines that pass the filter; null where there is none. */
  z.object({
    kind: z.literal("log.found"),
    request,
    position: z.number().int().nullable(),
    /** Why it could not be searched. */
    failure: z.string().nullable(),
  }),
]);
export type ToPage = z.infer<typeof toPageSchema>;

export const panelTabs = ["timeline", "logs", "problems", "result"] as const;

/** What the page shows; kept by VS Code while the page is hidden, and by the host when the window is made anew. */
export const panelStateSchema = z.object({ selected: z.string().nullable(), tab: z.enum(panelTabs) });
export type PanelState = z.infer<typeof panelStateSchema>;

/** From the page. */
export const fromPageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), selected: z.string().nullable() }),
  z.object({ kind: z.literal("remember"), state: panelStateSchema }),
  z.object({ kind: z.literal("select"), run: z.string() }),
  z.object({ kind: z.literal("cancel"), run: z.string() }),
  z.object({ kind: z.literal("rerun"), run: z.string() }),
  z.object({
    kind: z.literal("open"),
    run: z.string(),
    file: z.string(),
    line: z.number().int().positive(),
    column: z.number().int().positive().optional(),
  }),
  z.object({ kind: z.literal("openResult"), run: z.string() }),
  z.object({ kind: z.literal("copy"), text: z.string() }),
  z.object({ kind: z.literal("log.save"), run: z.string() }),
  z.object({ kind: z.literal("log.filter"), run: z.string(), filter: z.number().int(), by: logFilterSchema }),
  z.object({
    kind: z.literal("log.window"),
    request,
    run: z.string(),
    first: z.number().int().nonnegative(),
    count: z.number().int().min(1).max(500),
  }),
  z.object({
    kind: z.literal("log.search"),
    request,
    run: z.string(),
    text: z.string().min(1),
    /** Position among the lines that pass the filter to begin at; it counts. */
    from: z.number().int().nonnegative(),
    backward: z.boolean(),
  }),
]);
export type FromPage = z.infer<typeof fromPageSchema>;
