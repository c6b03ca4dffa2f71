import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as z from "zod";
import { caseFileSchema } from "../../../src/testing/cases/json-cases.ts";
import { projectRoot } from "../../support/command-line.ts";

/* The schema by which editors check and complete cases, against the one that reads them. KEEP=1 refreshes it. */

const file = path.join(projectRoot, "schemas", "cases.schema.json");
const generated = {
  ...z.toJSONSchema(caseFileSchema, { target: "draft-7", io: "input", unrepresentable: "any" }),
  title: "Cases of a module of native-udf",
  description: "Arguments, and what functions of the module give for them.",
};
if (process.env.KEEP) writeFileSync(file, `${JSON.stringify(generated, null, 2)}\n`);

test("the schema that editors use is the one that cases are read by", () => {
  const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(kept, JSON.parse(JSON.stringify(generated)));
});
