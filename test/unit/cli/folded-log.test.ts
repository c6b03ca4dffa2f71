import assert from "node:assert/strict";
import { test } from "node:test";
import { FoldedLog } from "../../../src/cli/folded-log.ts";

test("calls in Java are told by their number, worker by worker, and everything else as it is", () => {
  const lines: string[] = [];
  const log = new FoldedLog((text) => lines.push(text));
  const written: [number, string][] = [
    [0, "java.lang.IllegalStateException: no more rows"],
    [
      0,
      "\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:601)",
    ],
    [0, "\tat java.base/java.lang.Thread.run(Thread.java:840)"],
    [0, "Caused by: java.io.EOFException"],
    [0, "\t... 36 more"],
    [1, "at last: 3 rows"],
    [1, "\tat scala.collection.Iterator$$anon$9.next(Iterator.scala:584)"],
  ];
  for (const [worker, text] of written) log.add(worker, text);
  log.end();
  assert.deepEqual(lines, [
    "driver │ java.lang.IllegalStateException: no more rows",
    "driver │   … 2 calls in Java (the log has them)",
    "driver │ Caused by: java.io.EOFException",
    "driver │   … a call in Java (the log has them)",
    "worker 1 │ at last: 3 rows",
    "worker 1 │   … a call in Java (the log has them)",
  ]);
});
