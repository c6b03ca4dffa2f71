import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { pythons } from "../../support/python.ts";

const loadInNode = `
  const module = { exports: {} };
  try { process.dlopen(module, process.argv[1]); }
  catch (error) { console.log(error.code + ": " + error.message); }`;

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
    const host = path.join(import.meta.dirname, "host.py");
    for (const [mistake, message] of mistakes) {
      const env = { UDF_TEST_MISTAKE: mistake };
      const node = await execa(process.execPath, ["--eval", loadInNode, artifact], { env });
      assert.equal(node.stdout, `UDF_MODULE_ERROR: ${message}`);
      const options = { env, input: "[]", reject: false } as const;
      const { exitCode, stderr } = await execa(python.command, [host, "types", artifact], options);
      assert.equal(exitCode, 1);
      assert.equal(stderr.trim().split("\n").at(-1), `ImportError: ${message}`);
    }
  });
}
