import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { projectRoot } from "../../support/command-line.ts";

const source = pathToFileURL(path.join(projectRoot, "src", "cli", "output.ts")).href;

/** What a process writes to stderr that warns of a finding. */
async function warned(finding: Diagnostic, options: object = {}): Promise<string> {
  const program = `import { Output } from "${source}"; new Output(${JSON.stringify(options)}).warnOf(${JSON.stringify(finding)});`;
  const { stderr } = await execa(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", program],
    { env: { NO_COLOR: "1" } },
  );
  return stderr;
}

const finding: Diagnostic = { severity: "warning", origin: "plan", message: "abs() is DuckDB's too", related: [] };

test("a warning is one line that says once that it is one, with its place where it has one", async () => {
  assert.equal(await warned(finding), "warning: abs() is DuckDB's too");
  const location = { file: "src/a.cpp", line: 3, column: 7 };
  assert.equal(await warned({ ...finding, location }), "warning: src/a.cpp:3:7: abs() is DuckDB's too");
});

test("with --quiet and with --json there are no warnings", async () => {
  assert.equal(await warned(finding, { quiet: true }), "");
  assert.equal(await warned(finding, { json: true }), "");
});
