import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import * as z from "zod";
import { explain } from "../../src/explain/explain.ts";
import { readSourceRoot } from "../../src/explain/source-root.ts";
import { nativePlaces } from "../../src/run/diagnose/native-places.ts";
import { sourceFrames } from "../../src/run/diagnose/source-frames.ts";
import { casesModule, lineOf } from "../native/cases-module.ts";

const lineSchema = z.object({
  kind: z.string().optional(),
  module: z.literal("cases"),
  function: z.string(),
  signal: z.number().optional(),
  partition: z.number().optional(),
  stage: z.number().optional(),
  seconds: z.number().optional(),
  row: z.number().optional(),
  rowsBefore: z.number().optional(),
  frames: z.array(z.number()).optional(),
});
const reportSchema = z.object({
  texts: z.record(z.string(), z.string()),
  lines: z.record(z.string(), z.array(lineSchema)),
  after: z.array(z.number()),
});
type Line = z.infer<typeof lineSchema>;

/** What `stub/failures.py` reports of a session: in its second partition the row 6 is bad, the third of its second batch. */
export function testFailures(reported: () => unknown): void {
  const read = () => reportSchema.parse(reported());

  test("a throw tells function, message, row and partition, and its line in C++", async () => {
    const { texts, lines } = read();
    assert.match(
      texts.throw ?? "",
      /cases\.RowError: checked\(\): it is negative\nrow 6 of the partition 1, stage \d+ \(rows are counted from 0\)\nnative-udf: \{"kind":"row-error"/,
    );
    const [line] = lines.throw ?? [];
    assert.deepEqual([line?.kind, line?.function, line?.row, line?.partition], ["row-error", "checked", 6, 1]);
    assert.equal(await lineInSource(line), lineOf("it is negative"));
    assert.doesNotMatch(texts.throw ?? "", /called with/);
    assert.match(texts.values ?? "", /\ncalled with value=-0\.5\nnative-udf: /);
  });

  test("a crash tells signal, function and row, and its line in C++, inside of Spark's exception", async () => {
    const { texts, lines } = read();
    assert.match(texts.crash ?? "", /Python worker exited unexpectedly \(crashed\)/);
    assert.match(texts.crash ?? "", /Fatal Python error: Segmentation fault/);
    const told = lines.crash ?? [];
    const task = told.find(({ kind }) => kind === "task");
    assert.deepEqual([task?.function, task?.partition], ["crash_at", 1]);
    // only the last line has what the unwinder found
    const crash = told.findLast(({ signal }) => signal === 11);
    assert.deepEqual([crash?.function, crash?.row, crash?.rowsBefore], ["crash_at", 2, 4]);
    assert.equal(await lineInSource(crash), lineOf("return *nowhere"));
  });

  test("a batch that takes longer than it may ends the worker, and tells where it was", async () => {
    const { texts, lines } = read();
    for (const way of ["hang", "hang by variable"]) {
      assert.match(texts[way] ?? "", /wait_at\(\) has not returned from a batch of rows within 1 s/);
      const told = lines[way] ?? [];
      const timeout = told.find(({ kind }) => kind === "timeout");
      assert.deepEqual([timeout?.seconds, timeout?.partition, timeout?.rowsBefore], [1, 1, 4]);
      const place = told.findLast(({ signal }) => signal === 12);
      assert.deepEqual([place?.function, place?.row, place?.rowsBefore], ["wait_at", 2, 4]);
      assert.equal(await lineInSource(place), lineOf("usleep(1000)"));
    }
  });

  test("explain has the lines in C++ of all three out of the exception's text", async () => {
    const { texts } = read();
    const { module } = await casesModule();
    const expected = [
      ["throw", "RowError", /^checked\(\): it is negative$/, lineOf("it is negative")],
      // Python's own handler, which runs first on 3.5, leaves no address of the fault
      ["crash", "SIGSEGV", /^crash_at\(\): (?:a null pointer was used|memory was used)/, lineOf("return *nowhere")],
      ["hang", "Timeout", /^wait_at\(\) has not returned from a batch of rows within 1 s$/, lineOf("usleep(1000)")],
    ] as const;
    for (const [name, exceptionType, message, line] of expected) {
      const logs = [[(texts[name] ?? "").split("\n")]];
      const [first] = (await explain(logs, readSourceRoot(module.root), nativePlaces(module.root))).diagnostics;
      assert.deepEqual([first?.exceptionType, first?.file, first?.line], [exceptionType, "src/cases.cpp", line]);
      assert.match(first?.message ?? "", message);
      assert.match(first?.advice ?? "", /It was at row 6 of the partition 1/);
    }
  });

  test("the session goes on after failures", () => {
    // the mean of ten times 99, and 1 to 10, by the module and by Spark
    assert.deepEqual(read().after, [(990 + 55) / 20, (990 + 55) / 20]);
  });
}

/** The author's innermost line of what an artifact's line tells. */
async function lineInSource(told: Line | undefined): Promise<number | undefined> {
  const { module, built } = await casesModule();
  const debugFile = path.join(module.artifacts, built.manifest.debugFile);
  const places = await sourceFrames(debugFile, told?.frames ?? []);
  return places.flat().find(({ file }) => file.endsWith("cases.cpp"))?.line;
}
