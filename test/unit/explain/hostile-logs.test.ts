import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unwrapped } from "../../../src/explain/wrapping.ts";
import { causeOf, explainedOf } from "../../support/explained.ts";

/** A traceback of the driver as Python prints it. */
const traceback = (raised: string, line = 4) =>
  `Traceback (most recent call last):\n  File "/srv/app/job.py", line ${line}, in f\n    g()\n${raised}\n`;
const cause = ["driver-exception | KeyError | 'x' | job.py:9", "job.py:9 f"];
/** As long as a line may be; what takes quadratic time for it takes many minutes. */
const long = 1_000_000;
/** A record of Spark's structured log. */
const record = (msg: string, exception?: { class: string; msg: string }) =>
  JSON.stringify({ ts: "2026-11-21T05:00:00.000Z", level: "ERROR", logger: "Executor", msg, exception });

describe("logs with what no program should write into one", () => {
  const data = `${'{"a":'.repeat(9000)}1${"}".repeat(9000)}`;
  const lines: Record<string, string> = {
    "JSON that is nested 9,000 deep": `{"message":"a row","data":${data}}`,
    "JSON with a million empty lines in a value": JSON.stringify({ message: "a row", data: `${"\n".repeat(long)}x` }),
    "a million carriage returns": `{"message":"a row${"\r".repeat(long)}x`,
    "a record with a million dashes": record(`Traceback (most recent call last):\n  +-${"-".repeat(long)}x`),
    "a record with a million blanks": record("a row", { class: "a.b.RowError", msg: `x${" ".repeat(long)}y` }),
  };
  for (const [name, line] of Object.entries(lines)) {
    test(`the cause beside ${name} is told`, async () => {
      assert.deepEqual(await causeOf(`${line}\n${traceback("KeyError: 'x'", 9)}`, ["job.py"]), cause);
    });
  }

  const messages: Record<string, string> = {
    semicolons: ";",
    letters: "a",
    brackets: "(",
    "beginnings of calls": "Method (",
    "names of classes": "a.",
  };
  for (const type of ["java.lang.ClassNotFoundException", "py4j.Py4JException"]) {
    for (const [name, text] of Object.entries(messages)) {
      test(`the first 2,000 characters of a message are told: ${name} of ${type}`, async () => {
        const msg = `Method ${text.repeat(long / text.length)}z`;
        const [first] = await explainedOf(record("a task failed", { class: type, msg }));
        assert.equal(`${first?.exceptionType}: ${first?.message}`, `${type.split(".").at(-1)}: ${msg.slice(0, 2000)}…`);
      });
    }
  }

  test("the last of 100,000 different exceptions of a driver is the cause", async () => {
    const borne = Array.from({ length: 100_000 }, (_, index) => traceback(`ValueError: number ${index}`));
    assert.deepEqual(await causeOf([...borne, traceback("KeyError: 'x'", 9)].join(""), ["job.py"]), cause);
  });

  test("an exception that was raised from 20,000 others is told", async () => {
    const link = "\nDuring handling of the above exception, another exception occurred:\n\n";
    const chain = Array.from({ length: 20_000 }, (_, index) => traceback(`ValueError: number ${index}`));
    const [first] = await explainedOf([...chain, traceback("KeyError: 'x'", 4)].join(link), ["job.py"]);
    assert.deepEqual([first?.origin, first?.file, first?.line], ["driver-exception", "job.py", 4]);
  });

  test("long lines are not kept until thousands of them are read", async () => {
    let read = 0;
    function* pieces() {
      for (; read < 1000; read += 1) yield ["x".repeat(long)];
    }
    for await (const first of unwrapped(pieces())) {
      assert.equal([...first].length, 8);
      break;
    }
  });
});
