import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { pythons } from "../../support/python.ts";

const loadInNode = `
  const module = { exports: {} };
  try { process.dlopen(module, process.argv[1]); }
  catch (error) { console.log(error.code + ": " + error.message); }`;

/** The last line that Python printed when it could not load the artifact. */
async function lastLineFromPython(command: string, artifact: string, env: Record<string, string>): Promise<string> {
  const host = path.join(import.meta.dirname, "host.py");
  const { exitCode, stderr } = await execa(command, [host, "types", artifact], { env, input: "[]", reject: false });
  assert.equal(exitCode, 1);
  return stderr.trim().split("\n").at(-1) ?? "";
}

/** Mistakes in a registration that only loading can find: every host says which. */
export function registrationTests(artifact: string): void {
  const mistakes: [string, string][] = [
    ["function twice", "sum() is registered twice in UDF_MODULE"],
    ["argument twice", 'sum_of_one(): an argument: "a" is there twice'],
    [
      "function name",
      'a function of UDF_MODULE: "the sum" is no name; use letters, digits and _, and begin with a letter',
    ],
    ["argument name", 'sum2(): an argument: "1a" is no name; use letters, digits and _, and begin with a letter'],
    ["no config", 'find_without_config(): its class is made from a config file; add .config("file")'],
    ["exception", "thrown while registering"],
  ];

  test("a registration that makes no sense keeps the artifact from loading, and every host says why", async () => {
    const [python] = await pythons();
    assert.ok(python, "the tests need Python 3.10 or later");
    for (const [mistake, message] of mistakes) {
      const env = { UDF_TEST_MISTAKE: mistake };
      const node = await execa(process.execPath, ["--eval", loadInNode, artifact], { env });
      assert.equal(node.stdout, `UDF_MODULE_ERROR: ${message}`);
      assert.equal(await lastLineFromPython(python.command, artifact, env), `ImportError: ${message}`);
    }
  });
}
