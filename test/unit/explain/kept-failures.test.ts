import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Failure, weights } from "../../../src/explain/failure.ts";
import { KeptFailures } from "../../../src/explain/kept-failures.ts";

describe("the failures that are kept of a log", () => {
  const failure = (message: string, weight: Failure["weight"]): Failure => ({
    kind: "python",
    side: "driver",
    type: "ValueError",
    message,
    weight,
    frames: [],
  });
  const range = (from: number, to: number, weight: Failure["weight"]) =>
    Array.from({ length: to - from }, (_, index) => [String(from + index), weight]);
  const keptOf = (kept: KeptFailures) => kept.all.map(({ message, weight }) => [message, weight]);

  test("are the first 500 of tasks, and the last 500 that the driver met, the very last as what ended it", () => {
    const kept = new KeptFailures();
    for (let index = 0; index < 3000; index += 1) kept.keep(failure(`${index}`, weights.task));
    for (let index = 3000; index < 6000; index += 1) {
      kept.demoteFinal();
      kept.keep(failure(`${index}`, weights.final));
    }
    assert.deepEqual(keptOf(kept), [
      ...range(0, 500, weights.task),
      ...range(5500, 5999, weights.driver),
      ["5999", weights.final],
    ]);
  });

  test("are each once, with the higher weight, and the one that is found again as what ended the driver is the last", () => {
    const kept = new KeptFailures();
    kept.keep(failure("a", weights.task));
    kept.keep(failure("b", weights.abort));
    kept.keep(failure("b", weights.task));
    kept.keep(failure("a", weights.final));
    assert.deepEqual(keptOf(kept), [
      ["b", weights.abort],
      ["a", weights.final],
    ]);
  });
});
