import * as z from "zod";
import { locationSchema } from "../core/diagnostic.ts";

/** One test or suite that has ended, as the reporter tells it. */
export const testEventSchema = z.object({
  /** The file's path from the module's folder. */
  file: z.string(),
  /** Names of the suites around it, outermost first, and its own. */
  path: z.array(z.string()).min(1),
  outcome: z.enum(["passed", "failed", "skipped"]),
  seconds: z.number(),
  /** Why it failed: the first line of the error, and all of it. */
  message: z.string().optional(),
  details: z.string().optional(),
  /** Where it failed, where the error's stack says so; below the module's folder where it lies there. */
  line: z.number().int().positive().optional(),
  /** Both sides, where a case expected something else. */
  expected: z.string().optional(),
  actual: z.string().optional(),
  /** The author's line in C++ that threw or crashed. */
  cause: locationSchema.optional(),
  /** A suite fails with its tests, which are told themselves. */
  suite: z.boolean(),
});
export type TestEvent = z.infer<typeof testEventSchema>;
