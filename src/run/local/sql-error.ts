import * as z from "zod";
import { messageOf } from "../../core/error.ts";

/*
 * With `errors_as_json = true` DuckDB's errors are JSON behind an optional prefix. Source: DuckDB, "Errors as JSON"
 * setting, and `ErrorData::ConvertErrorToJSON`. Code branches on type and subtype, never on the message.
 */
const sqlErrorSchema = z.object({
  exception_type: z.string(),
  exception_message: z.string(),
  error_subtype: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  candidates: z.string().optional(),
  position: z.coerce.number().int().optional(),
  call: z.string().optional(),
  errno: z.coerce.number().int().optional(),
});
export type SqlError = z.infer<typeof sqlErrorSchema>;

/** What DuckDB says of a failed statement; undefined for an error that is not DuckDB's. */
export function parseSqlError(error: unknown): SqlError | undefined {
  const text = messageOf(error);
  const start = text.indexOf("{");
  if (start < 0) return undefined;
  try {
    return sqlErrorSchema.parse(JSON.parse(text.slice(start)));
  } catch {
    return undefined; // a text with a brace in it
  }
}

/** The first line of DuckDB's message. */
export function firstLine({ exception_message }: SqlError): string {
  return exception_message.split("\n")[0] ?? exception_message;
}
