import path from "node:path";
import * as z from "zod";
import type { DapResponse } from "./messages.ts";

const frameSchema = z.looseObject({ source: z.looseObject({ path: z.string().optional() }).optional() });
const bodySchema = z.looseObject({ stackFrames: z.array(frameSchema) });

/** A response to `stackTrace` in which the frames that are not the author's are dimmed: the SDK's, DuckDB's, Node's. */
export function withSubtleFrames(response: DapResponse, root: string): DapResponse {
  const body = bodySchema.safeParse(response.body).data;
  if (!body) return response;
  const stackFrames = body.stackFrames.map((frame) =>
    isAuthors(frame.source?.path, root) ? frame : { ...frame, presentationHint: "subtle" },
  );
  return { ...response, body: { ...body, stackFrames } };
}

function isAuthors(file: string | undefined, root: string): boolean {
  if (file === undefined || !path.isAbsolute(file)) return false;
  const relative = path.relative(root, file);
  return !relative.startsWith("..") && relative.split(path.sep)[0] !== "udf";
}
