import type { Diagnostic } from "../../core/diagnostic.ts";

/** What the author is told of a function that has the name of one of DuckDB's. */
export function builtinReplaced(name: string): Diagnostic {
  return {
    severity: "warning",
    origin: "plan",
    code: "BUILTIN_REPLACED",
    message: `${name}() takes the place of DuckDB's function of that name in this run. Rename it in UDF_MODULE if that is not meant.`,
    related: [],
  };
}
