import { embeddedTypeScript } from "./runtime-text.ts";
import { origin, type StubContext } from "./stub-context.ts";

/** The text of `<module>.duckdb.ts`: registers every function of the module on a DuckDB connection. */
export function duckdbStub(context: StubContext): string {
  const stub = `./${context.manifest.module}.ts`;
  const runtime = embeddedTypeScript({
    files: ["duckdb-text.ts", "duckdb-types.ts", "duckdb-vectors.ts", "duckdb.ts"],
    exported: ["Observer", "RowError"],
    elsewhere: stub,
  });
  return `// ${origin(context)}
import { functionShapes, load } from "${stub}";
${runtime}
export { artifact, load } from "${stub}";

const registration = new DuckDBRegistration();

/**
 * Registers all functions on a connection. DuckDB must run with \`threads = 1\`: it calls JavaScript from one thread.
 * \`duckdb\` is the \`@duckdb/node-api\` module; \`bindings\` the \`@duckdb/node-bindings\` that it uses, which a bundle that
 * holds both has to name.
 */
export function register(connection: DuckDB.DuckDBConnection, duckdb: typeof DuckDB, bindings?: typeof Bindings): Promise<void> {
  return registration.register({ connection, duckdb, bindings, door: load(), functions: functionShapes });
}

/** Lets somebody follow the calls; nobody does where it is undefined. */
export function observe(observer: Observer | undefined): void {
  registration.observe(observer);
}

/** What a function threw, if a function was the last to be called and threw: DuckDB passes on nothing but the text. */
export function lastRowError(): RowError | undefined {
  return registration.lastRowError;
}
`;
}
