import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as z from "zod";
import { moduleFileName, moduleFileSchema } from "../../../src/core/module.ts";
import { projectRoot } from "../../support/command-line.ts";

/* The schema by which editors check and complete native-udf.json, against the one that reads it. KEEP=1 refreshes it. */

const file = path.join(projectRoot, "schemas", "native-udf.schema.json");
const generated = {
  ...z.toJSONSchema(moduleFileSchema, { target: "draft-7", io: "input" }),
  title: moduleFileName,
  description: "Makes a folder a module of native-udf. Paths are relative to this file.",
};
if (process.env.KEEP) writeFileSync(file, `${JSON.stringify(generated, null, 2)}\n`);
const kept: unknown = JSON.parse(readFileSync(file, "utf8"));

test("the schema that editors use is the one that native-udf.json is read by", () => {
  assert.deepEqual(kept, JSON.parse(JSON.stringify(generated)));
});

test("every field has a description, and only the name must be given", () => {
  const { properties, required } = z
    .object({ properties: z.record(z.string(), z.object({ description: z.string().min(10) })), required: z.unknown() })
    .parse(kept);
  assert.deepEqual(Object.keys(properties).sort(), Object.keys(moduleFileSchema.shape).sort());
  assert.deepEqual(required, ["name"]);
});
