import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthorFiles } from "../../../src/explain/author-files.ts";

const files = new AuthorFiles({
  folder: "/home/ada/job",
  files: new Set(["main.py", "lib/geo/area.py", "lib/rates.py", "tests/rates.py", "pkg/deep/rates.py"]),
});

function placed(file: string): string | undefined {
  return files.of([{ file, line: 1, function: "f" }], undefined)[0]?.file;
}

describe("the author's files", () => {
  const found: [path: string, file: string][] = [
    ["/home/ada/job/main.py", "main.py"],
    ["/srv/elsewhere/main.py", "main.py"],
    ["/data/work/app-20261121050331-0000/1/rates.py", "lib/rates.py"],
    ["/tmp/spark-87fa3f9f-ac1c-4f09-852f-2fb5bb607ac8/userFiles-03bbc3bf/geo/area.py", "lib/geo/area.py"],
    ["/yarn/container_1_01_000002/deps.zip/geo/area.py", "lib/geo/area.py"],
    ["/yarn/container_1_01_000002/deps.zip/deep/rates.py", "pkg/deep/rates.py"],
    ["./main.py", "main.py"],
    ["C:\\Users\\ada\\job\\main.py", "main.py"],
    ["/opt/venv/lib/python3.12/site-packages/geo/area.py", "lib/geo/area.py"],
  ];
  for (const [path, file] of found) test(`${path} is ${file}`, () => assert.equal(placed(path), file));

  const others = [
    "/opt/spark/python/lib/pyspark.zip/pyspark/worker.py",
    "/opt/venv/lib/python3.12/site-packages/pyspark/sql/utils.py",
    "/usr/lib/python3.12/json/decoder.py",
    "<frozen importlib._bootstrap>",
    "/opt/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/protocol.py",
    "/home/ada/.vscode/extensions/native-udf-0.1.0/dist/spark-driver/main.py",
  ];
  for (const path of others) test(`${path} is a library's`, () => assert.equal(placed(path), undefined));

  test("what is not below the root keeps its place below the job's folder", () => {
    const frames = [{ file: "/srv/nightly/steps/load.py", line: 3, function: "load" }];
    assert.equal(files.of(frames, "/srv/nightly")[0]?.file, "steps/load.py");
  });
});
