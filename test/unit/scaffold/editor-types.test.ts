import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { execa } from "execa";
import { dataFormats } from "../../../src/core/job.ts";
import { scaffold } from "../../../src/scaffold/scaffold.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const compiler = path.join(projectRoot, "node_modules", "typescript", "bin", "tsc");
const folder = temporaryFolder("editor");
const blank = path.join(folder, "blank");

before(() => scaffold({ folder: blank, template: "blank" }));

/** What TypeScript says of a module as it lies there, one line for each error. */
async function check(root: string): Promise<string[]> {
  const { stdout } = await execa(process.execPath, [compiler, "-p", root, "--pretty", "false"], {
    cwd: root,
    reject: false,
  });
  return stdout.split("\n").filter((line) => line !== "");
}

/** What TypeScript says of one job in the blank module. */
async function checkJob(text: string): Promise<string[]> {
  writeFileSync(path.join(blank, "jobs", "tried.job.ts"), text);
  return (await check(blank)).filter((line) => line.startsWith("jobs/tried.job.ts"));
}

const job = (fields: string) =>
  `import { defineJob } from "native-udf";\n\nexport default defineJob({\n${fields}\n});\n`;
const good = `  modules: ["blank"],
  input: { path: "data/input.csv" },
  map: "SELECT city FROM input",
  output: { path: "out/cities.parquet" },`;

describe("a new module's jobs are checked by TypeScript with no package installed", () => {
  test("the blank template has no errors", async () => assert.deepEqual(await check(blank), []));

  test("the flights template has no errors", async () => {
    const flights = path.join(folder, "flights");
    await scaffold({ folder: flights, template: "flights" });
    assert.deepEqual(await check(flights), []);
  });

  test("a job with all fields passes", async () => {
    const formats = good
      .replaceAll('.csv" }', '.csv", format: "csv" }')
      .replaceAll('parquet" }', '", format: "ndjson" }');
    assert.deepEqual(await checkJob(job(`${formats}\n  reduce: "SELECT count(*) FROM mapped",`)), []);
  });

  const mistakes: [title: string, text: string, line: number, says: RegExp][] = [
    ["a misspelt field", good.replace("modules", "module"), 4, /'module'.*'modules'/],
    ["a misspelt field that may be left out", `${good}\n  reduces: "FROM mapped",`, 8, /'reduces'/],
    ["a field too few", good.replace(/ {2}map.*\n/, ""), 3, /'map' is missing/],
    ["a format that there is not", good.replace('.csv"', '.csv", format: "xlsx"'), 5, /"xlsx"/],
    ["a path that is no text", good.replace('"data/input.csv"', "7"), 5, /'number'.*'string'/],
    ["a field inside of the input that there is not", good.replace("path: ", "paths: "), 5, /'paths'/],
  ];
  for (const [title, text, line, says] of mistakes) {
    test(`${title} is an error in its line`, async () => {
      const [first, ...others] = await checkJob(job(text));
      assert.deepEqual(others, []);
      assert.match(first ?? "", new RegExp(`^jobs/tried\\.job\\.ts\\(${line},`));
      assert.match(first ?? "", says);
    });
  }
});

describe("a new module's tests are checked as far as what they import is there", () => {
  const wrong = `import assert from "node:assert/strict";
import { fahrenheit } from "../stubs/blank.ts";
console.log(import.meta.url);
assert.equal();
fahrenheit("warm");
`;
  const found = async () => (await check(blank)).filter((line) => line.startsWith("test/"));

  before(() => writeFileSync(path.join(blank, "test", "wrong.test.ts"), wrong));
  after(() => rmSync(path.join(blank, "test", "wrong.test.ts")));

  test("before the first build and without packages nothing is wrong", async () => assert.deepEqual(await found(), []));

  test("after the first build, a wrong call of a function is an error in its line", async () => {
    mkdirSync(path.join(blank, "stubs"));
    const stub =
      "export function fahrenheit(celsius: number): number;\nexport function initials(name: string): string;\n";
    writeFileSync(path.join(blank, "stubs", "blank.ts"), stub.replaceAll(";\n", " { throw new Error(); }\n"));
    const [first, ...others] = await found();
    assert.match(first ?? "", /^test\/wrong\.test\.ts\(5,12\): .*'string'.*'number'/);
    assert.deepEqual(others, []);
  });

  test("with the packages of npm install, so is a wrong call of Node's", async () => {
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(blank, "node_modules"));
    const [first, second, ...others] = await found();
    assert.match(first ?? "", /^test\/wrong\.test\.ts\(4,8\): .*Expected 2-3 arguments/);
    assert.match(second ?? "", /^test\/wrong\.test\.ts\(5,12\)/);
    assert.deepEqual(others, []);
  });
});

describe("the editor's types are those that the runner validates with", () => {
  const same = (one: string, other: string) => `import type * as editor from "native-udf";
import type * as runner from ${JSON.stringify(path.join(projectRoot, "src", "core", "job.ts"))};
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const same: Same<${one}, ${other}> = true;
`;

  for (const type of ["Job", "DataFormat"]) {
    test(`${type} is the same type`, async () => {
      assert.deepEqual(await checkJob(same(`editor.${type}`, `runner.${type}`)), []);
    });
  }

  test("the comparison tells a field that is missing from one that may be left out", async () => {
    assert.equal((await checkJob(same('Omit<editor.Job, "reduce">', "runner.Job"))).length, 1);
    assert.equal((await checkJob(same("editor.DataFormat", `"${dataFormats[0]}"`))).length, 1);
  });
});
