import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import * as z from "zod";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { authorModule } from "./author-module.ts";

/** What a VS Code needs to run the extension-host tests. */
export type HostSuite = {
  /** A module to open. */
  folder: string;
  /** An extension that does nothing: VS Code runs tests only beside one in development; ours is installed. */
  developmentPath: string;
  /** The tests in one CommonJS file. */
  testsPath: string;
  /** For the extension host's environment. */
  env: Record<string, string>;
};

const resultSchema = z.union([
  z.strictObject({ title: z.string(), error: z.string().optional() }),
  z.strictObject({ end: z.literal(true) }),
]);

/** Runs test/vscode/host/ in a VS Code, each of its tests as one of ours. `launch` ends when VS Code has. */
export function hostSuite(name: string, launch: (suite: HostSuite) => Promise<number>): void {
  test(name, async (context) => {
    const developmentPath = temporaryFolder("host-tests");
    const testsPath = path.join(developmentPath, "out", "run.js");
    const results = path.join(developmentPath, "results.ndjson");
    mkdirSync(path.dirname(testsPath));
    const manifest = { name: "host-tests", publisher: "native-udf-tests", version: "0.0.0", engines: { vscode: "*" } };
    writeFileSync(path.join(developmentPath, "package.json"), JSON.stringify(manifest));
    await build({
      entryPoints: [path.join(import.meta.dirname, "host", "run.ts")],
      outfile: testsPath,
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["vscode"],
      sourcemap: "inline",
      logLevel: "silent",
    });
    const folder = await authorModule({ name: "host" });
    const exitCode = await launch({ folder, developmentPath, testsPath, env: { NATIVE_UDF_HOST_RESULTS: results } });
    const lines = existsSync(results) ? readFileSync(results, "utf8").trimEnd().split("\n") : [];
    const parsed = lines.map((line) => resultSchema.parse(JSON.parse(line)));
    for (const result of parsed) {
      if (!("title" in result)) continue;
      await context.test(result.title, () => {
        if (result.error !== undefined) throw new Error(result.error);
      });
    }
    assert.ok(
      parsed.some((result) => "end" in result),
      `the tests in the extension host did not end; VS Code's exit code is ${exitCode}`,
    );
    assert.equal(exitCode, 0);
  });
}
