import * as z from "zod";

/*
 * The messages of the Debug Adapter Protocol, as far as they are looked into; what else they hold is handed on as it is.
 * Source: https://microsoft.github.io/debug-adapter-protocol/specification
 */

const requestSchema = z.looseObject({
  seq: z.number().int(),
  type: z.literal("request"),
  command: z.string(),
  arguments: z.unknown().optional(),
});
const responseSchema = z.looseObject({
  type: z.literal("response"),
  request_seq: z.number().int(),
  success: z.boolean(),
  command: z.string(),
  message: z.string().optional(),
  body: z.unknown().optional(),
});
const eventSchema = z.looseObject({ type: z.literal("event"), event: z.string(), body: z.unknown().optional() });

export const messageSchema = z.discriminatedUnion("type", [requestSchema, responseSchema, eventSchema]);
export type DapRequest = z.infer<typeof requestSchema>;
export type DapResponse = z.infer<typeof responseSchema>;
export type DapEvent = z.infer<typeof eventSchema>;

/** The `arguments` of a launch: what a configuration of type `native-udf` says. */
export const launchArgumentsSchema = z.looseObject({
  /** The module's folder, or one below it. */
  module: z.string().min(1),
  /** A job's name, or the path of its file. */
  job: z.string().min(1),
  /** Only so many rows of the input. */
  sampleRows: z.number().int().positive().optional(),
  /** The Node that runs the worker. */
  nodePath: z.string().min(1).optional(),
});

export const breakpointSchema = z.looseObject({
  id: z.number().int().optional(),
  verified: z.boolean(),
  line: z.number().int().optional(),
  message: z.string().optional(),
});
export type Breakpoint = z.infer<typeof breakpointSchema>;

export const setBreakpointsSchema = z.looseObject({
  source: z.looseObject({ path: z.string().optional() }),
  breakpoints: z.array(z.looseObject({ line: z.number().int() })).optional(),
});

export const breakpointsBodySchema = z.looseObject({ breakpoints: z.array(breakpointSchema) });
export const breakpointEventSchema = z.looseObject({ reason: z.string(), breakpoint: breakpointSchema });
export const outputSchema = z.looseObject({ category: z.string().optional(), output: z.string() });
export const stoppedSchema = z.looseObject({ reason: z.string() });
export const exitedSchema = z.looseObject({ exitCode: z.number().int() });

/** What tells of one failure in the place of a response's body. */
export function errorBody(message: string): { error: { id: number; format: string; showUser: boolean } } {
  // in a format, braces are variables
  return { error: { id: 1, format: message.replaceAll("{", "(").replaceAll("}", ")"), showUser: true } };
}
