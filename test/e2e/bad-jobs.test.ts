import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { type CommandResult, nativeUdf } from "../support/command-line.ts";
import { makeTroubledModule, writeJob } from "./troubled-module.ts";

let root = "";
before(async () => {
  root = await makeTroubledModule();
});

/** The failure is one line that holds each of the texts, without a stack trace, and with the exit code. */
function assertClear(
  result: CommandResult,
  { exitCode, texts }: { exitCode: number; texts: readonly (string | RegExp)[] },
): void {
  const line = result.stderr.split("\n").find((candidate) => candidate.startsWith("error: ")) ?? "";
  for (const text of texts)
    assert.match(line, typeof text === "string" ? new RegExp(literal(text), "i") : text, result.stderr);
  assert.equal(result.exitCode, exitCode, result.stderr);
  assert.doesNotMatch(result.stderr, /^\s+at .*:\d+:\d+\)?$/m, "no stack trace without --verbose");
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

describe("a job whose SQL cannot be cut into row ranges is refused, never computed wrongly", () => {
  const cases: [string, string, (string | RegExp)[]][] = [
    ["an aggregate", "SELECT avg(half(x)) AS mean FROM input", ["avg", "reduce"]],
    ["a window", "SELECT row_number() OVER () AS n FROM input", ["window", "reduce"]],
    ["ORDER BY", "SELECT half(x) AS h FROM input ORDER BY h", ["ORDER BY", "reduce"]],
    ["LIMIT", "SELECT half(x) AS h FROM input LIMIT 5", ["LIMIT", "reduce"]],
    ["DISTINCT", "SELECT DISTINCT half(x) AS h FROM input", ["DISTINCT", "reduce"]],
    ["GROUP BY", "SELECT name FROM input GROUP BY name", ["GROUP BY", "reduce"]],
    ["a subquery", "SELECT (SELECT max(x) FROM input) AS m FROM input", ["subquery"]],
  ];
  for (const [title, map, texts] of cases) {
    test(`${title} in map`, async () => {
      const name = `refused-${title.replaceAll(/\W+/g, "-").toLowerCase()}`;
      const output = writeJob(root, name, { map });
      const result = await nativeUdf(["submit", name], { cwd: root });
      assertClear(result, { exitCode: 2, texts: [...texts, `jobs/${name}.job.ts:6`] });
      assert.equal(existsSync(output), false);
    });
  }
});

describe("a name or type that is wrong is said with the one that was meant", () => {
  const cases: [string, string, (string | RegExp)[]][] = [
    ["an unknown column", "SELECT half(y) AS h FROM input", ['"y"', /\bx\b/]],
    ["an unknown function", "SELECT hal(x) AS h FROM input", ["hal", "half"]],
    ["a wrong argument type", "SELECT half(name) AS h FROM input", ["half", "double"]],
    ["broken SQL", "SELECT half(x AS h FROM input", [/syntax/i]],
  ];
  for (const [title, map, texts] of cases) {
    test(title, async () => {
      const name = `named-${title.replaceAll(/\W+/g, "-").toLowerCase()}`;
      writeJob(root, name, { map });
      assertClear(await nativeUdf(["submit", name], { cwd: root }), {
        exitCode: 2,
        texts: [...texts, `jobs/${name}.job.ts`],
      });
    });
  }

  test("an unknown job", async () => {
    writeJob(root, "by-name", { map: "SELECT half(x) AS h FROM input" });
    assertClear(await nativeUdf(["submit", "by-nam"], { cwd: root }), { exitCode: 2, texts: ["by-nam", "by-name"] });
  });

  test("an unknown target", async () => {
    assertClear(await nativeUdf(["submit", "by-name", "--target", "moon"], { cwd: root }), {
      exitCode: 2,
      texts: ["moon", "local"],
    });
  });
});

describe("an input that cannot be read", () => {
  const map = "SELECT half(x) AS h FROM input";

  test("a missing file", async () => {
    writeJob(root, "in-missing", { map, input: "data/absent.parquet" });
    assertClear(await nativeUdf(["submit", "in-missing"], { cwd: root }), {
      exitCode: 2,
      texts: ["data/absent.parquet"],
    });
  });

  test("an empty Parquet file", async () => {
    writeFileSync(path.join(root, "data", "empty.parquet"), "");
    writeJob(root, "in-empty", { map, input: "data/empty.parquet" });
    assertClear(await nativeUdf(["submit", "in-empty"], { cwd: root }), { exitCode: 2, texts: ["data/empty.parquet"] });
  });

  test("a truncated Parquet file", async () => {
    writeJob(root, "to-parquet", { map: "SELECT x, name FROM input", output: "data/whole.parquet" });
    const made = await nativeUdf(["submit", "to-parquet"], { cwd: root });
    assert.equal(made.exitCode, 0, made.stderr);
    const truncated = path.join(root, "data", "truncated.parquet");
    cpSync(path.join(root, "data", "whole.parquet"), truncated);
    truncateSync(truncated, 200);
    writeJob(root, "in-truncated", { map, input: "data/truncated.parquet" });
    assertClear(await nativeUdf(["submit", "in-truncated"], { cwd: root }), {
      exitCode: 2,
      texts: ["data/truncated.parquet"],
    });
  });

  test("a CSV file with a bad line names the line", async () => {
    const rows = Array.from({ length: 100 }, (_, x) => `${x},row-${x}`);
    rows[49] = "fifty,too,many,fields";
    writeFileSync(path.join(root, "data", "bad.csv"), `x,name\n${rows.join("\n")}\n`);
    writeJob(root, "in-bad-csv", { map, input: "data/bad.csv" });
    assertClear(await nativeUdf(["submit", "in-bad-csv"], { cwd: root }), {
      exitCode: 2,
      texts: [/data\/bad\.csv:51/],
    });
  });
});

describe("an output that cannot be made", () => {
  test("one that exists is kept unless --overwrite is given", async () => {
    const output = writeJob(root, "out-exists", { map: "SELECT half(x) AS h FROM input" });
    mkdirSync(path.dirname(output), { recursive: true });
    writeFileSync(output, "mine");
    assertClear(await nativeUdf(["submit", "out-exists"], { cwd: root }), {
      exitCode: 2,
      texts: ["out/out-exists.csv", "--overwrite"],
    });
    assert.equal(readFileSync(output, "utf8"), "mine");
    const replaced = await nativeUdf(["submit", "out-exists", "--overwrite"], { cwd: root });
    assert.equal(replaced.exitCode, 0, replaced.stderr);
    assert.equal(readFileSync(output, "utf8").split("\n")[2], "0.5");
  });

  test("a place that cannot be written", async () => {
    writeFileSync(path.join(root, "occupied"), "a file, no folder");
    writeJob(root, "out-unwritable", { map: "SELECT half(x) AS h FROM input", output: "occupied/result.csv" });
    assertClear(await nativeUdf(["submit", "out-unwritable"], { cwd: root }), { exitCode: 2, texts: ["occupied"] });
    assert.equal(readFileSync(path.join(root, "occupied"), "utf8"), "a file, no folder");
  });
});

describe("a config file that cannot be used", () => {
  test("a missing one", async () => {
    writeFileSync(
      path.join(root, "native-udf.json"),
      JSON.stringify({ name: "troubled", configs: ["config/absent.txt"] }),
    );
    writeJob(root, "config-missing", { map: "SELECT greet(name) AS g FROM input" });
    const result = await nativeUdf(["submit", "config-missing"], { cwd: root });
    writeFileSync(
      path.join(root, "native-udf.json"),
      JSON.stringify({ name: "troubled", configs: ["config/greeting.txt"] }),
    );
    assertClear(result, { exitCode: 2, texts: ["absent.txt"] });
  });

  test("one that the function's class refuses", async () => {
    writeFileSync(path.join(root, "config", "greeting.txt"), "good day");
    writeJob(root, "config-broken", { map: "SELECT greet(name) AS g FROM input" });
    const result = await nativeUdf(["submit", "config-broken"], { cwd: root });
    writeFileSync(path.join(root, "config", "greeting.txt"), "hello");
    assertClear(result, { exitCode: 2, texts: ["greeting.txt", "the word hello is missing"] });
  });
});

describe("a function that fails", () => {
  test("an exception names the function, its message and the rows", async () => {
    const output = writeJob(root, "throws", { map: "SELECT checked(x) AS c FROM input" });
    const result = await nativeUdf(["submit", "throws"], { cwd: root });
    assertClear(result, { exitCode: 1, texts: ["checked()", "x must not be 1500"] });
    assert.equal(existsSync(output), false);
  });

  for (const [name, signal] of [
    ["crash_at", "SIGSEGV"],
    ["abort_at", "SIGABRT"],
  ] as const) {
    test(`${signal} names the signal and the rows after the retries`, async () => {
      writeJob(root, name, { map: `SELECT ${name}(x) AS c FROM input` });
      const result = await nativeUdf(["submit", name], { cwd: root });
      assertClear(result, { exitCode: 1, texts: [signal, /rows? \d/] });
    });
  }

  test("one that never returns is ended by --timeout", async () => {
    writeJob(root, "hangs", { map: "SELECT never_returns(x) AS c FROM input" });
    const result = await nativeUdf(["submit", "hangs", "--timeout", "2"], { cwd: root });
    assertClear(result, { exitCode: 1, texts: [/2 s/, /rows? \d/] });
  });
});
