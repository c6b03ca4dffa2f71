import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { InputColumns } from "../../../src/author/input-columns.ts";
import { UdfError } from "../../../src/core/error.ts";
import { projectRoot } from "../../support/command-line.ts";

const root = mkdtempSync(path.join(tmpdir(), "native-udf-columns-"));
const reader = new InputColumns();
before(() => {
  mkdirSync(path.join(root, "data"));
  writeFileSync(path.join(root, "data", "a.csv"), "city,celsius\nOslo,1.5\n");
  writeFileSync(path.join(root, "data", "b.csv"), "city,celsius,more\nRome,20.5,x\n");
  writeFileSync(path.join(root, "data", "deep.ndjson"), '{"place":{"lat":1.5,"name of it":"x"},"tags":["a"]}\n');
});
after(async () => {
  await reader.dispose();
  rmSync(root, { recursive: true, force: true });
});

const csv = (input: string) => ({ root, input, format: "csv" as const });

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

describe("the columns of an input", () => {
  test("have the names and types that DuckDB finds in CSV, NDJSON and Parquet", async () => {
    assert.deepEqual(await reader.of(csv("data/a.csv")), [
      { name: "city", type: "VARCHAR" },
      { name: "celsius", type: "DOUBLE" },
    ]);
    const [place, tags] = await reader.of({ root, input: "data/deep.ndjson", format: "ndjson" });
    assert.deepEqual(place?.fields, [
      { name: "lat", type: "DOUBLE" },
      { name: "name of it", type: "VARCHAR" },
    ]);
    assert.deepEqual(tags, { name: "tags", type: "VARCHAR[]" });
    const flights = path.join(projectRoot, "node_modules", "vega-datasets", "data", "flights-3m.parquet");
    const columns = await reader.of({ root, input: flights, format: "parquet" });
    assert.deepEqual(
      columns.map(({ name }) => name),
      ["date", "delay", "distance", "origin", "destination"],
    );
  });

  test("are looked at again when the file has changed, and not before", async () => {
    const file = path.join(root, "data", "changing.csv");
    const write = (text: string) => {
      writeFileSync(file, text);
      utimesSync(file, 1_000_000, 1_000_000);
    };
    const names = async () => (await reader.of(csv("data/changing.csv"))).map(({ name }) => name);
    write("aa,b\n1,2\n");
    assert.deepEqual(await names(), ["aa", "b"]);
    write("cc,d\n1,2\n"); // as long, and as old
    assert.deepEqual(await names(), ["aa", "b"]);
    utimesSync(file, 2_000_000, 2_000_000);
    assert.deepEqual(await names(), ["cc", "d"]);
  });

  test("are those of the first file of a pattern, which may be another one later", async () => {
    const names = async () => (await reader.of(csv("data/[ab0].csv"))).map(({ name }) => name);
    assert.deepEqual(await names(), ["city", "celsius"]);
    const earlier = path.join(root, "data", "0.csv");
    writeFileSync(earlier, "other\n1\n");
    assert.deepEqual(await names(), ["other"]);
  });

  test("that cannot be told are an error with the code that a run would give", async () => {
    writeFileSync(path.join(root, "data", "none.parquet"), "no Parquet");
    const code = async (input: string, format: "csv" | "parquet") =>
      reader.of({ root, input, format }).then(
        () => undefined,
        (error: unknown) => (error instanceof UdfError ? error.code : error),
      );
    assert.equal(await code("data/absent.csv", "csv"), "INPUT_MISSING");
    assert.equal(await code("data/none.parquet", "parquet"), "INPUT_INVALID");
    assert.deepEqual((await reader.of(csv("data/a.csv"))).length, 2);
  });

  test("are not waited for by who aborts, and the next one gets them all the same", async () => {
    const own = new InputColumns();
    const abort = new AbortController();
    const first = own.of(csv("data/a.csv"), abort.signal);
    const second = own.of(csv("data/a.csv"));
    abort.abort(new Error("no more"));
    await assert.rejects(first, /no more/);
    assert.equal((await second).length, 2);
    await assert.rejects(own.of(csv("data/a.csv"), AbortSignal.abort(new Error("before"))), /before/);
    await own.dispose();
  });

  test("need a process only while they are asked for", async () => {
    const own = new InputColumns({ idleMilliseconds: 1 });
    assert.equal(own.isRunning, false);
    await own.of(csv("data/a.csv"));
    await untilTrue(() => !own.isRunning);
    assert.equal((await own.of(csv("data/b.csv"))).length, 3);
    await own.dispose();
    assert.equal(own.isRunning, false);
    await assert.rejects(own.of(csv("data/deep.csv")), { code: "CANCELLED" });
  });

  test("leave no process behind when they are not wanted any more", async () => {
    const own = new InputColumns();
    const waiting = own.of(csv("data/b.csv")).catch((error: unknown) => error);
    await own.dispose();
    assert.ok((await waiting) instanceof UdfError);
    const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
    const workers = children.split("\n").filter((line) => line.includes("worker.mjs"));
    assert.ok(workers.length <= 1, children); // the one that the other tests share
  });
});
