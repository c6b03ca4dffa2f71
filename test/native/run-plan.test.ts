import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import type { ErrorCode, UdfError } from "../../src/core/error.ts";
import { type JobText, ScriptedModule, scriptedArtifacts } from "../support/scripted-module.ts";

let module: ScriptedModule;
before(() => {
  module = new ScriptedModule("plan");
  module.writeRows("data/rows.csv", 100);
});

async function failureOf(job: string): Promise<UdfError> {
  const { outcome, error } = await module.submit(job, { workers: 1 }).finished;
  assert.equal(outcome, "failed");
  assert.ok(error);
  return error;
}

async function refused(text: JobText): Promise<UdfError> {
  module.job("refused", text);
  return failureOf("refused");
}

describe("a map that is not row-wise is refused with what it does, its place and what to do", () => {
  const cases: [title: string, map: string, what: RegExp, place: string][] = [
    ["an aggregate deep in an expression", "SELECT x, 1 + abs(avg(x)) AS a FROM input", /avg\(\)/, "6:27"],
    ["count(*)", "SELECT count(*) FROM input", /count/, "6:16"],
    ["an aggregate with a filter", "SELECT sum(x) FILTER (x > 1) FROM input", /sum\(\)/, "6:16"],
    ["a macro that hides an aggregate", "SELECT geomean(x) FROM input", /every row/, "6:9"],
    ["a window", "SELECT lag(x) OVER (ORDER BY x) FROM input", /window/, "6:16"],
    ["QUALIFY", "SELECT x FROM input QUALIFY row_number() OVER () = 1", /QUALIFY/, "6:9"],
    ["ORDER BY", "SELECT x FROM input ORDER BY x", /ORDER BY/, "6:9"],
    ["OFFSET", "SELECT x FROM input OFFSET 5", /LIMIT/, "6:9"],
    ["LIMIT of a share", "SELECT x FROM input LIMIT 10%", /LIMIT/, "6:9"],
    ["DISTINCT", "SELECT DISTINCT x FROM input", /DISTINCT/, "6:9"],
    ["GROUP BY", "SELECT x FROM input GROUP BY x", /GROUP BY/, "6:9"],
    ["GROUP BY ALL", "SELECT x FROM input GROUP BY ALL", /GROUP BY/, "6:9"],
    ["a sample", "SELECT x FROM input USING SAMPLE 10", /sample/, "6:9"],
    ["a table sample", "SELECT x FROM input TABLESAMPLE 10%", /sample/, "6:9"],
    ["UNION", "SELECT x FROM input UNION ALL SELECT x FROM input", /UNION/, "6:9"],
    ["a scalar subquery", "SELECT (SELECT 1) AS one FROM input", /subquery/, "6:16"],
    ["a subquery in WHERE", "SELECT x FROM input WHERE x IN (SELECT 1)", /subquery/, "6:37"],
    ["a subquery in FROM", "SELECT x FROM (SELECT x FROM input)", /other than the table input/, "6:9"],
    ["a join", "SELECT x FROM input, range(3)", /joins/, "6:9"],
    ["another table", "SELECT 1 AS one FROM duckdb_settings()", /other than the table input/, "6:30"],
    ["no table", "SELECT 1 AS one", /other than the table input/, "6:9"],
    ["a common table", "WITH t AS (SELECT 1) SELECT x FROM input", /WITH/, "6:9"],
  ];
  for (const [title, map, what, place] of cases) {
    test(title, async () => {
      const error = await refused({ map });
      assert.equal(error.code, "MAP_NOT_ROW_WISE", error.message);
      assert.match(error.what, what);
      assert.equal(error.where, `jobs/refused.job.ts:${place}`);
      assert.ok(error.next);
    });
  }

  for (const map of ["DELETE FROM input", "SELECT x FROM input; SELECT 2", "COPY input TO 'stolen.csv'"]) {
    test(`a map that is not one SELECT: ${map}`, async () => {
      const error = await refused({ map });
      assert.ok(["MAP_NOT_ROW_WISE", "SQL_INVALID"].includes(error.code), error.message);
    });
  }
});

test("what is row-wise is let through: lists, lambdas, CASE, casts, many constants, unnest", async () => {
  const map = `SELECT list_sum(list_transform([x, 2], lambda y: y + 1)) AS a, CASE WHEN x > 1 THEN half(x) END AS b,
    x::INTEGER AS c, x IN (${Array.from({ length: 200 }, (_, index) => index).join(",")}) AS d, unnest([1, 2]) AS e
    FROM input AS i WHERE i.x < 3;  -- the end`;
  module.job("allowed", { map, output: "out/allowed.csv" });
  const { outcome, error, preview } = await module.submit("allowed", { overwrite: true }).finished;
  assert.equal(outcome, "succeeded", error?.message);
  assert.equal(preview.length, 6);
  assert.deepEqual(preview[4], ["6", "1.0", "2", "true", "1"]);
});

describe("names and types are checked before any row is read", () => {
  const cases: [title: string, job: JobText, code: ErrorCode, text: RegExp][] = [
    ["an unknown column of the input", { map: "SELECT nam FROM input" }, "COLUMN_UNKNOWN", /:6:16.*"nam".*"name"/],
    ["an unknown function", { map: "SELECT haf(x) FROM input" }, "FUNCTION_UNKNOWN", /:6:16.*haf.*"half"/],
    ["an argument's type", { map: "SELECT half(name) AS h FROM input" }, "ARGUMENT_TYPE", /half\(VARCHAR\).*x: double/],
    ["the number of arguments", { map: "SELECT half(x, 1) FROM input" }, "ARGUMENT_TYPE", /half\(.*x: double/],
    [
      "a function that is a word of SQL",
      { map: "SELECT both(x) FROM input" },
      "SQL_INVALID",
      /:6:\d+.*in quotes, "both"\(/,
    ],
    ["broken SQL", { map: "SELECT half(x FROM input" }, "SQL_INVALID", /:6:23.*syntax/],
    [
      "an unknown table in reduce",
      { reduce: "SELECT 1 AS one FROM maped" },
      "SQL_INVALID",
      /:7:\d+: .*"maped".*"mapped"/,
    ],
    ["the input in reduce", { reduce: "SELECT count(*) FROM input" }, "SQL_INVALID", /:7:\d+: .*"input".*"mapped"/],
    ["an empty map", { map: " " }, "MAP_NOT_ROW_WISE", /^jobs\/refused\.job\.ts:6: /],
    ["broken SQL in reduce", { reduce: "SELECT sum(h FROM mapped" }, "SQL_INVALID", /:7:\d+: reduce.*syntax/],
    [
      "an unknown column of the mapped rows",
      { reduce: "SELECT name FROM mapped" },
      "COLUMN_UNKNOWN",
      /:7:.*"name".*x, h/,
    ],
  ];
  for (const [title, job, code, text] of cases) {
    test(title, async () => {
      const error = await refused(job);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, text);
    });
  }
});

describe("a function with the name of one of DuckDB's", () => {
  const shadowing = new ScriptedModule("shadowing");
  shadowing.writeRows("data/rows.csv", 10);
  // DuckDB's even(3.0) is 4
  const stub = readFileSync(shadowing.path("stubs/scripted.duckdb.ts"), "utf8");
  shadowing.write("stubs/scripted.duckdb.ts", stub.replace("half:", "Even:"));
  const artifacts = scriptedArtifacts(shadowing.root).map(({ manifest, path }) => ({
    path,
    manifest: {
      ...manifest,
      functions: manifest.functions.map((one) => (one.name === "half" ? { ...one, name: "Even" } : one)),
    },
  }));

  test("is the one that is called, and the run warns of it once by its name", async () => {
    shadowing.job("shadowed", { map: "SELECT even(x) AS e FROM input" });
    const { outcome, error, preview, diagnostics } = await shadowing.submit("shadowed", { artifacts }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview[3], ["1.5"]);
    assert.deepEqual(
      diagnostics.map(({ severity, origin, code }) => ({ severity, origin, code })),
      [{ severity: "warning", origin: "plan", code: "BUILTIN_REPLACED" }],
    );
    assert.match(diagnostics[0]?.message ?? "", /^Even\(\) .*DuckDB.*UDF_MODULE/);
  });

  test("is all that is warned of: names of the module's own give no warning", async () => {
    module.job("unshadowed", {});
    const { outcome, error, diagnostics } = await module.submit("unshadowed").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(diagnostics, []);
  });
});

describe("a job file that is wrong is answered with its file, line and column", () => {
  const cases: [title: string, source: string, text: RegExp][] = [
    ["a syntax error", "export default {\n  modules: [,\n", /^jobs\/wrong\.job\.ts:3:\d+: /],
    [
      "an import that is not there",
      'import { a } from "./absent";\nexport default a;\n',
      /^jobs\/wrong\.job\.ts:1:19: .*absent/,
    ],
    [
      "code that throws",
      "const job: string[] = [];\n\nexport default job[0].length;\n",
      /^jobs\/wrong\.job\.ts:3:\d+: /,
    ],
    ["no default export", "export const job = 1;\n", /^jobs\/wrong\.job\.ts:1:1: /],
    [
      "a field of the wrong type",
      'export default {\n  modules: ["scripted"],\n  input: { path: 7 },\n  map: "FROM input",\n  output: { path: "a.csv" },\n};\n',
      /^jobs\/wrong\.job\.ts:3:12: input\.path: /,
    ],
    [
      "a field that there is not",
      'export default {\n  modules: ["scripted"],\n  input: { path: "a.csv" },\n  map: "FROM input",\n  reduces: "FROM mapped",\n  output: { path: "a.csv" },\n};\n',
      /^jobs\/wrong\.job\.ts:5:3: reduces: /,
    ],
    [
      "an unknown module",
      'export default {\n  modules: ["scriptd"],\n  input: { path: "a.csv" },\n  map: "FROM input",\n  output: { path: "a.csv" },\n};\n',
      /^jobs\/wrong\.job\.ts:2:3: .*"scriptd".*"scripted"/,
    ],
    [
      "an ending that names no format",
      'export default {\n  modules: ["scripted"],\n  input: { path: "a.xlsx" },\n  map: "FROM input",\n  output: { path: "a.csv" },\n};\n',
      /^jobs\/wrong\.job\.ts:3:12: .*a\.xlsx/,
    ],
    [
      "a function in place of data",
      'export default {\n  modules: ["scripted"],\n  input: { path: "a.csv" },\n  map: () => "FROM input",\n  output: { path: "a.csv" },\n};\n',
      /^jobs\/wrong\.job\.ts: .*plain data/,
    ],
  ];
  for (const [title, source, text] of cases) {
    test(title, async () => {
      writeFileSync(module.path("jobs/wrong.job.ts"), source);
      const error = await failureOf("wrong");
      assert.equal(error.code, "JOB_INVALID", error.message);
      assert.match(error.message, text);
    });
  }

  test("an unknown name is answered with the nearest", () => {
    module.job("by-name", {});
    assert.throws(() => module.submit("by-nam"), /by-nam.*"by-name"/);
  });
});

describe("an input that cannot be read names the file, and the line where there is one", () => {
  const cases: [title: string, files: Record<string, string>, input: string, code: ErrorCode, text: RegExp][] = [
    ["no file", {}, "in/none.csv", "INPUT_MISSING", /^in\/none\.csv: /],
    ["an address", {}, "https://localhost/a.csv", "INPUT_MISSING", /^https:\S+: it is an address.*Spark target/],
    ["no file that fits a pattern", {}, "in/none*.csv", "INPUT_MISSING", /^in\/none\*\.csv: /],
    ["an empty Parquet file", { "empty.parquet": "" }, "in/empty.parquet", "INPUT_INVALID", /^in\/empty\.parquet: /],
    [
      "no Parquet file",
      { "text.parquet": "this is no Parquet file" },
      "in/text.parquet",
      "INPUT_INVALID",
      /^in\/text\.parquet: /,
    ],
    ["a field too many", { "a.csv": "x,name\n1,a\n2,b,c\n" }, "in/a.csv", "INPUT_INVALID", /^in\/a\.csv:3: /],
    ["a field too few", { "b.csv": "x,name\n1,a\n2\n3,c\n" }, "in/b.csv", "INPUT_INVALID", /^in\/b\.csv:3: /],
    [
      "a line of another file type",
      { "c.csv": `x,name\n${"1,a\n".repeat(30_000)}no,b\n` },
      "in/c.csv",
      "INPUT_INVALID",
      /^in\/c\.csv:30002: /,
    ],
    [
      "a quote that is not closed before the file ends",
      { "q1.csv": 'x,name\n1,"a, ""b"""\n2,"b\n3,c\n' },
      "in/q1.csv",
      "INPUT_INVALID",
      /^in\/q1\.csv:3: a quote that this line opens is not closed/,
    ],
    [
      "a quote that is closed by the next one only",
      { "q2.csv": 'x;name\n1;"a\nb"\n2;"b\n3;"c"\n' },
      "in/q2.csv",
      "INPUT_INVALID",
      /^in\/q2\.csv:4: a quote that this line opens is not closed/,
    ],
    [
      "text behind a quote",
      { "q3.csv": 'x,name\r\n1,"a"\r\n2,"b"c\r\n' },
      "in/q3.csv",
      "INPUT_INVALID",
      /^in\/q3\.csv:3: text follows a closed quote/,
    ],
    [
      "no JSON",
      { "a.ndjson": '{"x":1}\n{"x":2}\n{"x":\n{"x":4}\n' },
      "in/a.ndjson",
      "INPUT_INVALID",
      /^in\/a\.ndjson:3: /,
    ],
    [
      "files with other columns",
      { "d1.csv": "x,name\n1,a\n", "d2.csv": "x,title\n1,a\n" },
      "in/d*.csv",
      "INPUT_INVALID",
      /^in\/d2\.csv: .*title.*in\/d1\.csv.*name/,
    ],
    [
      "a reserved name",
      { "e.csv": "x,file_row_number\n1,2\n" },
      "in/e.csv",
      "INPUT_INVALID",
      /^in\/e\.csv: .*file_row_number/,
    ],
  ];
  for (const [title, files, input, code, text] of cases) {
    test(title, async () => {
      mkdirSync(module.path("in"), { recursive: true });
      for (const [name, content] of Object.entries(files)) writeFileSync(module.path(`in/${name}`), content);
      const error = await refused({ input, map: "SELECT x FROM input" });
      assert.equal(error.code, code, error.message);
      assert.match(error.message, text);
    });
  }
});

describe("with --overwrite, an output that is no result is refused and left as it is", () => {
  const text = "x,name\n1,a\n";
  const cases: [title: string, output: string, what: RegExp][] = [
    ["the input", "kept/rows.csv", /job reads/],
    ["the input behind a link", "kept/link.csv", /job reads/],
    ["a folder with files of the author's", "kept/", /no run wrote/],
    ["the module's own folder", "./", /no run wrote/],
  ];
  for (const [title, output, what] of cases) {
    test(title, async () => {
      const input = module.write("kept/rows.csv", text);
      if (!existsSync(module.path("kept/link.csv"))) symlinkSync(input, module.path("kept/link.csv"));
      const before = readdirSync(module.path("kept"));
      module.job("replacing", { input: "kept/rows.csv", map: "SELECT x FROM input", output });
      const { error } = await module.submit("replacing", { overwrite: true }).finished;
      assert.equal(error?.code, "OUTPUT_NOT_WRITABLE", error?.message);
      assert.equal(error.where, output);
      assert.match(error.what, what);
      assert.equal(readFileSync(input, "utf8"), text);
      assert.deepEqual(readdirSync(module.path("kept")), before);
    });
  }

  test("a folder of parts whose names are another run's is refused where the job reads them", async () => {
    module.write("parts/part-000000.csv", text);
    module.job("own-parts", { input: "parts/*.csv", map: "SELECT x FROM input", output: "parts/" });
    const { error } = await module.submit("own-parts", { overwrite: true }).finished;
    assert.equal(error?.code, "OUTPUT_NOT_WRITABLE", error?.message);
    assert.match(error.what, /job reads parts\/part-000000\.csv/);
    assert.equal(readFileSync(module.path("parts/part-000000.csv"), "utf8"), text);
  });
});

test("a row that a cast refuses fails the run; the worker that is ended for it is told from one that died", async () => {
  module.job("cast", { map: "SELECT name::INTEGER AS n FROM input" });
  const run = module.submit("cast", { workers: 1 });
  const exits: (boolean | undefined)[] = [];
  for await (const event of run.events) if (event.kind === "worker.exited") exits.push(event.killed);
  assert.equal((await run.finished).outcome, "failed");
  assert.deepEqual(exits, [true]);
});

describe("a CSV file is read by its first line's delimiter", () => {
  for (const [name, delimiter] of [
    ["semicolons", ";"],
    ["tabs", "\t"],
    ["bars", "|"],
  ] as const) {
    test(name, async () => {
      module.write("in/other.csv", `x${delimiter}name\n1${delimiter}"a,b"\n`);
      module.job("delimited", { input: "in/other.csv", map: "SELECT half(x) AS h, name FROM input" });
      const { outcome, error, preview } = await module.submit("delimited", { overwrite: true }).finished;
      assert.equal(outcome, "succeeded", error?.message);
      assert.deepEqual(preview, [["0.5", "a,b"]]);
    });
  }
});
