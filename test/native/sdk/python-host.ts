import path from "node:path";
import { execa } from "execa";
import * as z from "zod";

const errorSchema = z.object({
  type: z.string(),
  message: z.string(),
  code: z.string().optional(),
  function: z.string().nullish(),
  config: z.string().nullish(),
  row: z.number().nullish(),
  subject: z.string().optional(),
});

const columnSchema = z.object({
  format: z.string(),
  nulls: z.number(),
  children: z.array(z.tuple([z.string(), z.string()])),
  values: z.array(z.unknown()),
  released: z.boolean(),
});

const answersSchema = z.array(z.object({ result: z.unknown().optional(), error: errorSchema.optional() }));

export type Answer = z.infer<typeof answersSchema>[number];
export type Column = z.infer<typeof columnSchema>;

/** An Arrow array, laid out by hand: buffers are bytes, in the order of the format. */
export type ArrowArray = {
  format: string;
  length: number;
  offset?: number;
  nulls?: number;
  buffers: (Uint8Array | null)[];
  /** In a struct. */
  name?: string;
  /** Their number, with no child there, or themselves. */
  children?: number | readonly (ArrowArray | null)[];
  dictionary?: boolean | ArrowArray;
  released?: boolean;
};

type Door = "python" | "c";
export type Request =
  | { do: "call"; index: number; arguments: readonly unknown[] }
  | { do: "columns"; index: number; arrays: readonly (ArrowArray | null | number)[]; door?: Door }
  | { do: "describe" | "prepare"; door?: Door }
  /** Where the last row error was thrown. */
  | { do: "frames"; door: "c" }
  | { do: "watch"; arguments: readonly [string]; door: "c" }
  | { do: "configure"; arguments: readonly [string, string]; door?: Door };

/** Has a new Python process load the artifact, and do what is asked in order. */
export async function inPython(
  { command, module, artifact }: { command: string; module: string; artifact: string },
  requests: readonly Request[],
): Promise<Answer[]> {
  const input = JSON.stringify(requests, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
  );
  const script = path.join(import.meta.dirname, "host.py");
  const { stdout } = await execa(command, ["-X", "faulthandler", script, module, artifact], { input });
  return answersSchema.parse(JSON.parse(stdout));
}

/** The result of `columns`; throws where there was an error instead. */
export function columnOf(answer: Answer | undefined): Column {
  if (answer?.error) throw new Error(`${answer.error.type}: ${answer.error.message}`);
  return columnSchema.parse(answer?.result);
}
