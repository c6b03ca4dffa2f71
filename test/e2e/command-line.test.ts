import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { execa } from "execa";
import { runEventSchema } from "../../src/core/events.ts";
import { nativeUdf, projectRoot } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { makeTroubledModule, rowCount, writeJob } from "./troubled-module.ts";

const commands = ["new", "build", "stubs", "submit", "runs", "explain", "doctor", "clean"];

describe("every command", () => {
  for (const command of commands) {
    test(`${command} --help says what it is for and which options it has`, async () => {
      const { exitCode, stdout } = await nativeUdf([command, "--help"], { cwd: projectRoot });
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`native-udf ${command}`));
    });
  }

  test("the version is that of package.json", async () => {
    const { version } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8"));
    assert.equal((await nativeUdf(["--version"], { cwd: projectRoot })).stdout, version);
  });

  test("an unknown option or command is wrong input, code 2", async () => {
    assert.equal((await nativeUdf(["build", "--fast"], { cwd: projectRoot })).exitCode, 2);
    assert.equal((await nativeUdf(["biuld"], { cwd: projectRoot })).exitCode, 2);
    assert.equal((await nativeUdf(["submit", "x", "--workers", "none"], { cwd: projectRoot })).exitCode, 2);
  });
});

describe("an unknown command, option or argument is answered in one line", () => {
  const cases: [args: string[], line: RegExp][] = [
    [["biuld"], /^error: unknown command 'biuld' \(Did you mean build\?\)\. See "native-udf --help"\.$/],
    [["build", "--fast"], /^error: unknown option '--fast'.* See "native-udf build --help"\.$/],
    [["submit"], /^error: missing required argument 'job'\. See "native-udf submit --help"\.$/],
    [["runs", "logs", "--worker", "x"], /^error: .*'x' is invalid\. It must be .*\. See "native-udf runs --help"\.$/],
  ];
  for (const [args, line] of cases) {
    test(args.join(" "), async () => {
      const { exitCode, stdout, stderr } = await nativeUdf(args, { cwd: projectRoot });
      assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: "" });
      assert.match(stderr, line);
    });
  }

  test("in JSON with --json", async () => {
    const { exitCode, stdout, stderr } = await nativeUdf(["build", "--fast", "--json"], { cwd: projectRoot });
    assert.deepEqual({ exitCode, stderr }, { exitCode: 2, stderr: "" });
    assert.equal(JSON.parse(stdout).error.code, "USAGE");
  });
});

describe("outside of a module", () => {
  for (const args of [["build"], ["stubs"], ["submit", "x"], ["runs"], ["clean"]]) {
    test(`${args[0]} says in one line that there is none, and in JSON with --json`, async () => {
      const cwd = temporaryFolder("empty");
      const plain = await nativeUdf(args, { cwd });
      assert.equal(plain.exitCode, 2);
      assert.equal(plain.stdout, "");
      assert.match(plain.stderr, /^error: .*native-udf\.json.*native-udf new.*$/);
      const json = await nativeUdf([...args, "--json"], { cwd });
      assert.equal(json.exitCode, 2);
      assert.equal(json.stderr, "");
      assert.equal(JSON.parse(json.stdout).error.code, "MODULE_NOT_FOUND");
      assert.deepEqual(readdirSync(cwd), []);
    });
  }
});

describe("a module's file that is wrong", () => {
  const cases: [string, string, RegExp][] = [
    ["not JSON", "{ name: ", /native-udf\.json: it is not valid JSON/],
    ["without a name", "{}", /native-udf\.json: .*name/],
    ["with an unknown field", '{"name":"x","jbos":"jobs"}', /native-udf\.json: .*jbos/],
    ["with a name that is no identifier", '{"name":"My Module"}', /native-udf\.json: .*lower-case/],
  ];
  for (const [title, text, expected] of cases) {
    test(title, async () => {
      const cwd = temporaryFolder("malformed");
      writeFileSync(path.join(cwd, "native-udf.json"), text);
      const { exitCode, stderr } = await nativeUdf(["build"], { cwd });
      assert.equal(exitCode, 2);
      assert.match(stderr, expected);
      assert.equal(stderr.split("\n").length, 1, stderr);
    });
  }
});

describe("doctor", () => {
  test("says in one line where a report cannot be written", async () => {
    const file = path.join(temporaryFolder("capture"), "absent", "report.zip");
    const { exitCode, stderr } = await nativeUdf(["doctor", "--capture", file], { cwd: projectRoot });
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: .*report\.zip: it cannot be written .* Choose another place\.$/);
  });
});

describe("new", () => {
  test("names the module after a folder with spaces and accents, and shows the next command as a shell takes it", async () => {
    const cwd = temporaryFolder("name");
    const { exitCode, stdout } = await nativeUdf(["new", "Mein Möbel's", "--template", "blank"], { cwd });
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Made the module mein_mobel_s in Mein Möbel's /);
    const [, change = ""] = /^Next: (.*) && native-udf submit first$/m.exec(stdout) ?? [];
    const shell = await execa("sh", ["-c", `${change} && ls`], { cwd });
    assert.match(shell.stdout, /^native-udf\.json$/m);
  });

  test("refuses a folder that is not empty and leaves it alone", async () => {
    const cwd = temporaryFolder("occupied");
    writeFileSync(path.join(cwd, "mine.txt"), "mine");
    const { exitCode, stderr } = await nativeUdf(["new", "."], { cwd });
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: .*not empty.*$/);
    assert.deepEqual(readdirSync(cwd), ["mine.txt"]);
  });

  test("names the nearest template", async () => {
    const cwd = temporaryFolder("template");
    const { exitCode, stderr } = await nativeUdf(["new", "x", "--template", "flight"], { cwd });
    assert.equal(exitCode, 2);
    assert.match(stderr, /"flight".*"flights"/);
    assert.deepEqual(readdirSync(cwd), []);
  });
});

describe("a module that works", () => {
  let root = "";
  before(async () => {
    root = await makeTroubledModule();
  });

  test("submit --json prints the run's events, valid and numbered without a gap, and nothing else", async () => {
    writeJob(root, "halves", { map: "SELECT x, half(x) AS h FROM input" });
    const { exitCode, stdout, stderr } = await nativeUdf(["submit", "halves", "--json"], { cwd: root });
    assert.equal(exitCode, 0, stderr);
    const events = stdout.split("\n").map((line) => runEventSchema.parse(JSON.parse(line)));
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.at(0)?.kind, "run.queued");
    const last = events.at(-1);
    assert.ok(last?.kind === "run.finished" && last.outcome === "succeeded");
    const result = events.find((event) => event.kind === "result");
    assert.ok(result?.kind === "result" && result.rows === rowCount);
  });

  test("submit --quiet writes nothing when all is well", async () => {
    writeJob(root, "quiet", { map: "SELECT half(x) AS h FROM input" });
    const result = await nativeUdf(["submit", "quiet", "--quiet"], { cwd: root });
    assert.deepEqual(result, { exitCode: 0, stdout: "", stderr: "" });
  });

  test("runs lists, shows and gives the logs of a run", async () => {
    writeJob(root, "listed", { map: "SELECT half(x) AS h FROM input" });
    await nativeUdf(["submit", "listed", "--quiet"], { cwd: root });
    const listed = JSON.parse((await nativeUdf(["runs", "--json"], { cwd: root })).stdout);
    const run = listed.runs.find((candidate: { job: string }) => candidate.job === "listed");
    assert.equal(run.state, "succeeded");
    const shown = await nativeUdf(["runs", "show", run.id], { cwd: root });
    assert.match(shown.stdout, /succeeded/);
    assert.equal((await nativeUdf(["runs", "logs", run.id], { cwd: root })).exitCode, 0);
    const unknown = await nativeUdf(["runs", "show", "20000101-000000-x-0000"], { cwd: root });
    assert.equal(unknown.exitCode, 2);
  });

  test("build does nothing the second time; clean removes what build made", async () => {
    const again = JSON.parse((await nativeUdf(["build", "--json"], { cwd: root })).stdout);
    assert.equal(again.upToDate, true);
    const cleaned = await nativeUdf(["clean"], { cwd: root });
    assert.equal(cleaned.exitCode, 0);
    assert.equal(readdirSync(root).includes("artifacts"), false);
    assert.equal(readdirSync(root).includes("jobs"), true);
  });
});

test("no colours or control characters where the output is no terminal", async () => {
  const { stdout, stderr } = await nativeUdf(["doctor"], { cwd: projectRoot, env: { CI: "true" } });
  assert.match(stdout, /cmake/);
  assert.doesNotMatch(stdout + stderr, /\p{Cc}(?<!\n)/u);
});
