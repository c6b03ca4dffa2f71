import * as z from "zod";
import { functionSchema } from "../../core/manifest.ts";
import { arrowColumnSchema } from "../values/arrow.ts";
import { jsonSchema } from "../values/notation.ts";

/*
 * What is said to a process that has an artifact loaded, one JSON object a line: the opening first, then requests, each
 * answered by one line. The same for Node and Python.
 */

export const openingSchema = z.object({
  module: z.string(),
  artifact: z.string(),
  /** As the doors take them, in the artifact's order. */
  functions: z.array(functionSchema),
  /** Paths of the config files by their names. */
  configs: z.record(z.string(), z.string()),
  /** The file that the artifact writes to when it crashes. */
  crashes: z.string(),
});
export type Opening = z.infer<typeof openingSchema>;

export const requestSchema = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("columns"),
    index: z.number().int(),
    columns: z.array(arrowColumnSchema),
    /** Of an aggregate: groups are computed in parts of so many rows, which are merged; only the Node door. */
    partRows: z.number().int().positive().optional(),
  }),
  /** Columns over and over for so long; only the Node door. */
  z.object({
    do: z.literal("time"),
    index: z.number().int(),
    columns: z.array(arrowColumnSchema),
    seconds: z.number(),
  }),
  /** One row; the values as `writeValue` writes them. */
  z.object({ do: z.literal("call"), index: z.number().int(), values: z.array(jsonSchema) }),
]);
export type Request = z.infer<typeof requestSchema>;

export const answerSchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ column: arrowColumnSchema }),
  z.object({ value: jsonSchema }),
  /** Of a row, in the fastest batch. */
  z.object({ nanoseconds: z.number() }),
  z.object({
    error: z.object({
      /** `UDF_ROW_ERROR`, or another of the doors' codes. */
      code: z.string(),
      message: z.string(),
      /** Where it was thrown: addresses in the artifact. */
      frames: z.array(z.number().int().nonnegative()),
    }),
  }),
]);
export type Answer = z.infer<typeof answerSchema>;
