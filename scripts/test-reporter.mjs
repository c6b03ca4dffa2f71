import { inspect } from "node:util";

/**
 * A reporter of node:test that writes what scripts/test-file.mjs reads: one line of JSON for each test that has ended,
 * in the order in which they end, and one for each diagnostic that a test gives.
 * @param {import("node:stream").Readable} source
 */
export default async function* report(source) {
  for await (const { type, data } of source) {
    // node:test's own are of no file
    if (type === "test:diagnostic" && data.file !== undefined) yield `${JSON.stringify({ note: data.message })}\n`;
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { error, type: kind, duration_ms: milliseconds } = data.details;
    /** @type {import("./test-file.mjs").TestEvent} */
    const event = {
      passed: type === "test:pass",
      name: data.name,
      nesting: data.nesting,
      suite: kind === "suite",
      skipped: data.skip === undefined || data.skip === false ? undefined : String(data.skip),
      // a parent fails with its children, which are counted themselves
      byChildren: error?.failureType === "subtestsFailed",
      seconds: milliseconds / 1000,
      place: data.file === undefined ? undefined : `${data.file}:${data.line}`,
      error: error === undefined ? undefined : inspect(error.cause ?? error),
    };
    yield `${JSON.stringify(event)}\n`;
  }
}
