import { runtimeText } from "./runtime-text.ts";
import { origin, type StubContext } from "./stub-context.ts";

/** The text of `<module>.duckdb.ts`: registers every function of the module on a DuckDB connection. */
export function duckdbStub(context: StubContext): string {
  const { module } = context.manifest;
  const runtime = runtimeText("duckdb.ts").replace("./loader.ts", `./${module}.ts`).trimEnd();
  return `// ${origin(context)}
import { functionShapes, load } from "./${module}.ts";
${runtime}

export { artifact, load } from "./${module}.ts";

const registration = new DuckDBRegistration();

/**
 * Registers all functions on a connection. DuckDB must run with \`threads = 1\`: it calls JavaScript from one thread.
 * \`duckdb\` is the \`@duckdb/node-api\` module; \`bindings\` the \`@duckdb/node-bindings\` that belongs to it, found by itself
 * where both are installed beside this file.
 */
export function register(connection: DuckDBConnection, duckdb: typeof DuckDB, bindings?: typeof Bindings): void {
  registration.register({ connection, duckdb, bindings, door: load(), functions: functionShapes });
}

/** What the last failed call said, since DuckDB passes on only the text; undefined where none has failed. */
export function lastRowError(): RowError | undefined {
  return registration.lastRowError;
}
`;
}
