import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { UdfError } from "../../src/core/error.ts";
import { runTests } from "../../src/testing/run-tests.ts";
import type { BuiltModule } from "../support/built-module.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { casesModule } from "./cases-module.ts";

/* Cases in CSV through the doors of a real artifact. */

let built: BuiltModule;
const folder = temporaryFolder("csv cases");
const inFolder = (name: string) => path.join(folder, name);

before(async () => {
  built = await casesModule();
  mkdirSync(folder, { recursive: true });
});

async function run(files: Readonly<Record<string, string | Uint8Array>>, { update = false } = {}) {
  const { module, built: result } = built;
  for (const [name, text] of Object.entries(files)) writeFileSync(inFolder(name), text);
  const { events } = await runTests({
    module: { ...module, tests: [folder], state: inFolder("state") },
    files: Object.keys(files).map((name) => path.relative(module.root, inFolder(name))),
    artifact: { manifest: result.manifest, path: result.artifactPath },
    ...(update ? { onUpdates: async () => true } : {}),
  });
  return events.map(({ outcome, message }) => message ?? outcome);
}

test("values of every type, null and empty texts come back as the cells say", async () => {
  const files = {
    "same_bool.cases.csv": "value,expected\ntrue,true\nFALSE,false\n",
    "same_int64.cases.csv": "value,expected\n-9223372036854775808,-9223372036854775808\n,\n",
    "same_double.cases.csv": 'value,expected\n0.1,0.1\n" 5e-324",5e-324\nNaN,NaN\n-0,-0\n-Infinity,-Infinity\n,\n',
    "holes_text.cases.csv": 'list,expected\n"[null, ""ü"", """"]","[null, ""ü"", """"]"\n[],[]\n',
    "same_date.cases.csv": "value,expected\n2024-02-29,2024-02-29\n",
    "same_timestamp.cases.csv": "value,expected\n2024-02-29T12:30:00Z,2024-02-29T12:30:00Z\n",
    "same_money.cases.csv": "value,expected\n-0.5,-0.50\n",
    "same_bytes.cases.csv": 'value,expected\n00ff,00ff\n"",""\n,\n',
    "same_point.cases.csv":
      '\ufeffpoint,expected\r\n"{""x"": 1, ""label"": ""a,b""}","{""x"": 1, ""y"": null, ""label"": ""a,b""}"\r\n',
    "mean.cases.csv": 'value,expected\n"[1, null, 3]",2\n[],0\n',
  };
  const outcomes = await run(files);
  assert.deepEqual(
    outcomes.filter((outcome) => outcome !== "passed"),
    [],
  );
  assert.equal(outcomes.length, 21);
});

test("tolerances and errors have columns of their own", async () => {
  assert.deepEqual(
    await run({
      "third.cases.csv": "value,expected,tolerance\n1,0.333,1e-3\n1,0.333,\n",
      "checked.cases.csv": "value,expected,error\n-1,,negative\n-1,1,negative\n2,,\n",
    }),
    [
      "passed",
      "it gives something else than is expected",
      "passed",
      "it gives something else than is expected",
      'a case has "expected" or "error", not both',
    ],
  );
});

test("what is no value of its type, and what is no argument, fails with both named", async () => {
  assert.deepEqual(
    await run({
      "third.cases.csv": "value,expected\none,1\n",
      "doubled.cases.csv": "valeu,expected\n1,2\n",
      "list_int64.cases.csv": "list,expected\n1;2,[]\n",
      "thirds.cases.csv": "value,expected\n1,2\n",
    }),
    [
      'value must be double, not "one"',
      'doubled() has no argument "valeu". Did you mean "value"?',
      "list must be list(int64) in JSON, not 1;2",
      'the module has no function "thirds". Did you mean "third"?',
    ],
  );
});

test("an update writes what the cases give, and a second run passes", async () => {
  const files = {
    "third.cases.csv": "\ufeffvalue\r\n1\r\n\r\nNaN\r\n",
    "checked.cases.csv": 'value,expected\n"1",1\n-1,1\n',
    "same_point.cases.csv": 'point,expected,name\n"{""x"": 0.5, ""label"": """"}",,a point\n',
  };
  await run(files, { update: true });
  const written = Object.fromEntries(Object.keys(files).map((name) => [name, readFileSync(inFolder(name), "utf8")]));
  assert.deepEqual(written, {
    "third.cases.csv": "\ufeffvalue,expected\r\n1,0.3333333333333333\r\n\r\nNaN,NaN\r\n",
    "checked.cases.csv": 'value,expected,error\n"1",1,\n-1,,it is negative\n',
    "same_point.cases.csv":
      'point,expected,name\n"{""x"": 0.5, ""label"": """"}","{ ""x"": 0.5, ""y"": null, ""label"": """" }",a point\n',
  });
  assert.deepEqual(await run(written), ["passed", "passed", "passed", "passed", "passed"]);
});

test("a file in another encoding is refused", async () => {
  await assert.rejects(run({ "holes_text.cases.csv": Buffer.from("value,expected\nü,ü\n", "latin1") }), (error) => {
    assert.ok(error instanceof UdfError);
    assert.match(error.message, /holes_text\.cases\.csv: it is not UTF-8\. Save it as UTF-8\.$/);
    return true;
  });
});
