import * as z from "zod";

const functionArgumentSchema = z.object({ root: z.string(), function: z.string() });

/** What a link above a function hands to a command: its module's folder and its name. */
export type FunctionArgument = z.infer<typeof functionArgumentSchema>;

/** Undefined for an argument of another kind: a file, an item of a view, nothing. */
export function functionArgument(argument: unknown): FunctionArgument | undefined {
  return functionArgumentSchema.safeParse(argument).data;
}
