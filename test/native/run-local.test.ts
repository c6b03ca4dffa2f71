import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ScriptedModule } from "../support/scripted-module.ts";

test("a job's rows come out in order, computed by the functions", async () => {
  const module = new ScriptedModule("run");
  module.writeRows("data/rows.csv", 3000);
  const output = module.job("halves", {});
  const { outcome, error, outputRows, preview } = await module.submit("halves").finished;
  assert.equal(outcome, "succeeded", error?.message);
  assert.equal(outputRows, 3000);
  assert.deepEqual(preview[3], ["3", "1.5"]);
  const lines = readFileSync(output, "utf8").trimEnd().split("\n");
  assert.deepEqual(lines, ["x,h", ...Array.from({ length: 3000 }, (_, x) => `${x},${(x / 2).toFixed(1)}`)]);
});
