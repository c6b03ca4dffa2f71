import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import * as z from "zod";
import { formatLocation } from "../../src/core/diagnostic.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { type SubmitOptions, submit } from "../../src/run/submit.ts";
import { type BuiltModule, builtModule } from "../support/built-module.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { query } from "./failing/failing-module.ts";
import { type Fault, type FaultKind, faultKinds, faultModule } from "./failing/faults.ts";

/* A hundred functions that fail, each in its own way: what a run tells of each, against what was written. */

const rows = 200_000;
const { source, faults } = faultModule({ seed: 20261121, count: 100, rows });
const hangs = faults.filter(({ kind }) => kind === "endless loop");
const others = faults.filter(({ kind }) => kind !== "endless loop");

const causes: Record<FaultKind, RegExp> = {
  segv: /^it died of SIGSEGV: a null pointer was used/,
  "stack overflow": /^it died of SIGSEGV: the stack is used up/,
  "heap smash": /^it died of SIGABRT: abort\(\) was called, as by a broken heap/,
  throw: /^(?:refused|vector::_M_range_check)/,
  abort: /^it died of SIGABRT: (?:abort|std::terminate)\(\) was called/,
  division: /^it died of SIGFPE: a whole number was divided by zero/,
  "endless loop": /took longer than/,
  "out of memory": /^std::bad_alloc/,
};

let built: BuiltModule;
let root: string;

before(async () => {
  built = await builtModule("faults", { "src/faults.cpp": source });
  root = path.join(temporaryFolder("faults"), "faults");
  cpSync(built.module.root, root, { recursive: true, filter: (file) => !file.includes(".native-udf") });
  for (const folder of ["jobs", "data"]) mkdirSync(path.join(root, folder), { recursive: true });
  const select = `SELECT range::DOUBLE AS x FROM range(${rows})`;
  await query(`COPY (${select}) TO '${path.join(root, "data", "rows.parquet")}' (FORMAT parquet)`);
});

async function run(name: string, functions: readonly Fault[], options: Partial<SubmitOptions>) {
  const job = {
    modules: ["faults"],
    input: { path: "data/rows.parquet" },
    map: `SELECT x, ${functions.map((fault) => `${fault.name}(x) AS ${fault.name}`).join(", ")} FROM input`,
    output: { path: `out/${name}.parquet` },
  };
  const text = `import { defineJob } from "native-udf";\n\nexport default defineJob(${JSON.stringify(job)});\n`;
  writeFileSync(path.join(root, "jobs", `${name}.job.ts`), text);
  const { manifest, artifactPath } = built.built;
  const artifacts = [{ manifest, path: artifactPath }];
  return submit({ module: loadModule(root), job: name, artifacts, workers: 2, ...options }).finished;
}

type Told = { function: string; row: number; place: string | null; message: string };

/** Every function and its cause; the line and the row of at least 98 of 100. */
function assertTold(told: readonly Told[], expected: readonly Fault[]): void {
  const byName = new Map(told.map((each) => [each.function, each]));
  const inexact: string[] = [];
  for (const { name, kind, row, line } of expected) {
    const found = byName.get(name);
    assert.ok(found, `${name} (${kind}) is not told of`);
    assert.match(found.message, causes[kind], `${name} (${kind})`);
    const place = `src/faults.cpp:${line}`;
    if (found.row !== row || found.place !== place) {
      inexact.push(`${name} (${kind}): row ${found.row} at ${found.place}, and not row ${row} at ${place}`);
    }
  }
  assert.ok(inexact.length <= expected.length * 0.02, inexact.join("\n"));
}

test("the sequence has every kind", () => {
  assert.deepEqual([...new Set(faults.map(({ kind }) => kind))].sort(), [...faultKinds].sort());
});

test("every function that throws or crashes is told with its cause, its row and its line", {
  timeout: 300_000,
}, async () => {
  const { outcome, error, badRows, outputRows } = await run("others", others, { onBadRow: "quarantine" });
  assert.equal(outcome, "succeeded", error?.message);
  const columns = "bad_function, bad_row::INT, bad_place, bad_error";
  const told = z
    .array(z.tuple([z.string(), z.number(), z.string().nullable(), z.string()]))
    .parse(await query(`SELECT ${columns} FROM '${badRows?.path}'`));
  assert.equal(told.length, others.length);
  assert.equal(outputRows, rows - others.length);
  assertTold(
    told.map(([name, row, place, message]) => ({ function: name, row, place, message })),
    others,
  );
});

test("every function that does not return is told by the time limit with its row and its line", {
  timeout: 300_000,
}, async () => {
  const told: Told[] = [];
  for (const fault of hangs) {
    const { error, diagnostics } = await run(fault.name, [fault], { timeoutSeconds: 1 });
    const said = /^row (?<row>[\d,]+) of data\/rows\.parquet: (?<message>.* in (?<name>\w+)\(\))/.exec(
      error?.message ?? "",
    );
    const { row = "", message = "", name = "" } = said?.groups ?? {};
    const location = diagnostics[0]?.location;
    told.push({
      function: name,
      row: Number(row.replaceAll(",", "")),
      place: location ? formatLocation(location) : null,
      message,
    });
  }
  assertTold(told, hangs);
});
