import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { explanationSchema } from "../../src/explain/explanation.ts";
import { nativeUdf, projectRoot } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const failures = path.join(projectRoot, "test/fixtures/spark-failures");
const folder = path.join(failures, "08-addpyfile-helper-cluster");

describe("explain", () => {
  test("reads several logs of a run together and shows paths below the root", async () => {
    const logs = ["driver.log", "executor-0.stderr.log", "exception.txt"].map((file) => path.join(folder, file));
    const cwd = temporaryFolder("explain");
    const { exitCode, stdout, stderr } = await nativeUdf(["explain", ...logs, "--root", folder, "--json"], { cwd });
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: "" });
    const [first] = explanationSchema.parse(JSON.parse(stdout)).diagnostics;
    assert.deepEqual([first?.file, first?.line], ["geo_helpers.py", 6]);
  });

  test("reads stdin", async () => {
    const input = readFileSync(path.join(folder, "exception.txt"), "utf8");
    const { stdout } = await nativeUdf(["explain", "-"], { cwd: folder, input });
    assert.match(stdout, /^geo_helpers\.py:6: AssertionError: latitude 99\.0 out of range\n/);
  });

  test("reads a log that is compressed with gzip, and says what to do with one of zstd", async () => {
    const cwd = temporaryFolder("explain");
    writeFileSync(path.join(cwd, "driver.log.gz"), gzipSync(readFileSync(path.join(folder, "driver.log"))));
    const { stdout } = await nativeUdf(["explain", "driver.log.gz", "--root", folder], { cwd });
    assert.match(stdout, /geo_helpers\.py:6: AssertionError: latitude 99\.0 out of range/);
    writeFileSync(path.join(cwd, "driver.log.zst"), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x00]));
    const { exitCode, stderr } = await nativeUdf(["explain", "driver.log.zst"], { cwd });
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: the log is compressed with zstd\. Give it uncompressed: zstd -dc FILE/);
  });

  const refused: [args: string[], line: RegExp][] = [
    [["explain"], /^error: missing required argument 'log'/],
    [["explain", "no.log"], /^error: no\.log: there is no such file\. Name a saved log\.$/],
    [["explain", failures], /spark-failures: it is a folder, and log files are needed\. Name the files in it/],
  ];
  for (const [args, line] of refused) {
    test(`${args.map((word) => path.basename(word)).join(" ")} is refused in one line`, async () => {
      const { exitCode, stdout, stderr } = await nativeUdf(args, { cwd: folder });
      assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: "" });
      assert.match(stderr, line);
    });
  }

  test("says so where nothing failed", async () => {
    const { exitCode, stdout } = await nativeUdf(["explain", "expect.json"], { cwd: folder });
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Nothing that failed was found in expect\.json\./);
  });
});
