import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { readJobText, sqlAt } from "../../../src/author/job-text.ts";
import { projectRoot } from "../../support/command-line.ts";

function template(file: string): string {
  return readFileSync(path.join(projectRoot, "native-template", file), "utf8");
}

const job = (fields: string) =>
  `import { defineJob } from "native-udf";\nexport default defineJob({ modules: ["m"], ${fields} });\n`;
const mapOf = (source: string) => readJobText(source)?.texts.find(({ field }) => field === "map");

describe("the SQL of a job file", () => {
  for (const file of ["jobs/by-origin.job.ts", "blank/jobs/first.job.ts"]) {
    test(`is found in ${file} with its offsets, and so are the modules and the input`, async () => {
      const source = template(file);
      const found = readJobText(source);
      // what the program itself sees is the independent source
      const text = source.replace(/^import.*$/m, "const defineJob = (job) => job;");
      const { default: expected } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
      assert.deepEqual(found?.modules, expected.modules);
      assert.equal(found?.input, expected.input.path);
      assert.equal(found?.format, undefined);
      const texts = Object.fromEntries((found?.texts ?? []).map(({ field, sql }) => [field, sql]));
      assert.deepEqual(texts, {
        map: expected.map,
        ...(expected.reduce === undefined ? {} : { reduce: expected.reduce }),
      });
      for (const { span, sql } of found?.texts ?? []) assert.equal(source.slice(span.start, span.end), sql);
    });
  }

  const cases: [title: string, source: string, sql: string][] = [
    ["in double quotes", job('map: "SELECT a"'), "SELECT a"],
    ["in single quotes, with a key in quotes", job("'map': 'SELECT a'"), "SELECT a"],
    [
      "with escapes, each as long as it is written",
      job(String.raw`map: "SELECT \"a b\",\n\x61, \u{62}\\"`),
      'SELECT  "a b ", \n   a,      b \\',
    ],
    [
      "with parts of code, which are blanks",
      job("map: `SELECT $" + "{[`x`].map((x) => `$" + "{x}`)} FROM $" + "{'}'} input`"),
      `SELECT ${" ".repeat(27)} FROM ${" ".repeat(6)} input`,
    ],
    [
      "in pieces",
      job('map: "SELECT a " + /* and "b" */ `FROM b`'),
      `SELECT a ${" ".repeat('" + /* and "b" */ `'.length)}FROM b`,
    ],
    ["with a tag", job("map: String.raw`SELECT a`"), "SELECT a"],
    ["in a variable", `const sql: string = "SELECT a";\n${job("map: sql")}`, "SELECT a"],
    ["in a variable of the same name", `const map = "SELECT a";\n${job("map")}`, "SELECT a"],
    ["behind comments that look like it", job('/* map: "no" */ // map: "no"\n map: "SELECT a"'), "SELECT a"],
    [
      "behind a regular expression that looks like a text",
      `const x = /["\`{]/.test("a") ? 1 / 2 : 3;\n${job('map: "SELECT a"')}`,
      "SELECT a",
    ],
    [
      "in an object that is no call's argument",
      'const it: Job = { output: { path: "o" }, map: "SELECT a" } satisfies Job;\nexport default it;',
      "SELECT a",
    ],
    ["but not in an object that is no job", `const other = { map: "no" };\n${job('map: "SELECT a"')}`, "SELECT a"],
    [
      "while the quote that ends it is not written yet",
      'export default defineJob({ modules: ["m"], map: "SELECT a\n',
      "SELECT a",
    ],
    [
      "while the template that it is in has no end",
      'export default defineJob({ modules: ["m"], map: `SELECT a\n',
      "SELECT a\n",
    ],
  ];
  for (const [title, source, sql] of cases) {
    test(title, () => {
      const found = mapOf(source);
      assert.equal(found?.sql, sql);
      assert.equal(found.sql.length, found.span.end - found.span.start);
    });
  }

  test("is nowhere in a file without a job, or with SQL that only the running program knows", () => {
    for (const source of [
      "",
      "export default 1;",
      "{{{",
      job("map: sql()"),
      job("map() { return `a`; }"),
      job("map: [`a`].join()"),
    ]) {
      assert.equal(mapOf(source), undefined, source);
    }
  });

  test("is told apart from the code around it, with the quote that a name in it must escape", () => {
    const source = job('map: "SELECT a" + `FROM b`');
    const at = (text: string) => sqlAt(readJobText(source) ?? assert.fail(), source.indexOf(text));
    assert.equal(at("SELECT")?.quote, '"');
    assert.equal(at("FROM")?.quote, "`");
    assert.equal(at("+"), undefined);
    assert.equal(at("modules"), undefined);
  });

  test("is as long as its place in the file, at every moment of being typed", () => {
    const source = template("jobs/by-origin.job.ts");
    for (let length = 0; length <= source.length; length++) {
      for (const { sql, span } of readJobText(source.slice(0, length))?.texts ?? []) {
        assert.equal(sql.length, span.end - span.start);
        assert.ok(span.end <= length);
      }
    }
  });

  test("is read in time that grows with the source, also where nothing is closed", () => {
    for (const open of ["`", "`${", "{", "/*", "'", '"', "/", "map:{"]) readJobText(open.repeat(1_000));
  });
});
