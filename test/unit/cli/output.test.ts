import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { projectRoot } from "../../support/command-line.ts";

const source = pathToFileURL(path.join(projectRoot, "src", "cli", "output.ts")).href;

/** What a process writes to stderr that does this with an Output. */
async function written(action: string, options: object = {}): Promise<string> {
  const program = `import { Output } from "${source}"; new Output(${JSON.stringify(options)}).${action};`;
  const { stderr } = await execa(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", program],
    { env: { NO_COLOR: "1" } },
  );
  return stderr;
}

const warned = (warning: Diagnostic, options?: object) => written(`warnOf(${JSON.stringify(warning)})`, options);

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

test("an error's control characters, such as the escapes of a terminal, are shown and not obeyed", async () => {
  const stderr = await written('failure(new Error("it is \\u001b[31mred"))');
  assert.equal(stderr.split("\n")[0], "error: it is \\x1b[31mred");
});

test("a finding is one line, whatever it says, and its control characters are shown and not obeyed", async () => {
  const message = "it says\n  two lines \u001b[31mred";
  assert.equal(await warned({ ...finding, message }), "warning: it says two lines \\x1b[31mred");
  const parts = { what: "no", diagnostics: [{ ...finding, message }] };
  const error = pathToFileURL(path.join(projectRoot, "src", "core", "error.ts")).href;
  const failure = `failure(new (await import("${error}")).UdfError("RUN_FAILED", ${JSON.stringify(parts)}))`;
  assert.equal(await written(failure), "error: no\n  warning: it says two lines \\x1b[31mred");
});

test("a finding that says no more than the error's line is not said again", async () => {
  const place = { location: { file: "jobs/warm.py", line: 12 }, severity: "error" };
  const parts = { what: "it is cold", where: "jobs/warm.py:12" };
  const error = pathToFileURL(path.join(projectRoot, "src", "core", "error.ts")).href;
  const failing = (diagnostics: object[]) =>
    written(
      `failure(new (await import("${error}")).UdfError("RUN_FAILED", ${JSON.stringify({ ...parts, diagnostics })}))`,
    );
  const same = { ...finding, ...place, message: "it is cold" };
  assert.equal(await failing([same]), "error: jobs/warm.py:12: it is cold");
  const related = [{ message: "called here", location: { file: "jobs/warm.py", line: 20 } }];
  const lines = "  jobs/warm.py:12: error: it is cold\n    jobs/warm.py:20: called here";
  assert.equal(await failing([{ ...same, related }]), `error: jobs/warm.py:12: it is cold\n${lines}`);
});
