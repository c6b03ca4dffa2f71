import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { type Column, columnOf } from "../../../src/author/columns.ts";
import { completionsAt } from "../../../src/author/completion.ts";
import { hoverAt, signatureAt } from "../../../src/author/hover.ts";
import { readJobText } from "../../../src/author/job-text.ts";
import { callsFunction } from "../../../src/author/jobs-calling.ts";
import type { FunctionDescription } from "../../../src/core/manifest.ts";
import type { Field } from "../../../src/core/types.ts";
import { projectRoot } from "../../support/command-line.ts";

const field = (name: string, type: Field["type"], nullable = false): Field => ({ name, type, nullable });

/** What the flights module's artifact says of itself. */
const functions: FunctionDescription[] = [
  {
    ...{ name: "route", kind: "row", doc: "Distance between two airports.", config: "airports.csv" },
    arguments: [field("origin", "string"), field("destination", "string")],
    result: { type: { struct: "Route", fields: [field("km", "double"), field("band", "int32")] }, nullable: true },
  },
  {
    ...{ name: "delay_band", kind: "row", doc: "Band of a delay." },
    arguments: [field("minutes", "int64", true)],
    result: { type: "int32", nullable: false },
  },
];
const input: Column[] = [
  { name: "origin", type: "VARCHAR" },
  { name: "delay", type: "BIGINT" },
  { name: "a b", type: "DOUBLE" },
  columnOf({
    name: "place",
    type: 'STRUCT(lat DOUBLE, "the name" VARCHAR, deep STRUCT(x DECIMAL(18, 3), y INTEGER[]))',
  }),
];
const known = { functions, input };

/** A job with a `|` where the cursor is. */
function complete(text: string) {
  const source = text.replace("|", "");
  return completionsAt(readJobText(source) ?? assert.fail("no job"), text.indexOf("|"), known);
}

const labels = (text: string) => complete(text)?.items.map(({ label }) => label);
const map = (sql: string, quote = "`") =>
  `export default { modules: ["m"], map: ${quote}${sql}${quote}, output: { path: "o" } };`;
const both = (first: string, second: string) =>
  `export default { modules: ["m"], map: \`${first}\`, reduce: \`${second}\` };`;

const allColumns = ["origin", "delay", "a b", "place"];
const allFunctions = ["route", "delay_band"];

describe("completion in a job", () => {
  test("offers the input's columns and the module's functions where a value can be, with types, signatures and docs", () => {
    const found = complete(map("SELECT | FROM input"))?.items ?? [];
    assert.deepEqual(found.map(({ label }) => label).sort(), [...allColumns, ...allFunctions].sort());
    const route = found.find(({ label }) => label === "route");
    assert.equal(route?.detail, "route(origin: string, destination: string) -> Route{km: double, band: int32}?");
    assert.equal(route?.doc, "Distance between two airports.");
    assert.deepEqual(route?.arguments, ["origin", "destination"]);
    assert.equal(found.find(({ label }) => label === "delay")?.detail, "BIGINT");
  });

  test("replaces the word that is there, in the file", () => {
    const text = map("SELECT ori|gin FROM input");
    const { span } = complete(text) ?? assert.fail();
    assert.equal(text.replace("|", "").slice(span.start, span.end), "origin");
  });

  test("writes a column's name in quotes where SQL needs them, and escapes them where the text around is in the same", () => {
    const insertOf = (text: string) => complete(text)?.items.find(({ label }) => label === "a b")?.insert;
    assert.equal(insertOf(map("SELECT | FROM input")), '"a b"');
    assert.equal(insertOf(map("SELECT | FROM input", '"')), '\\"a b\\"');
  });

  test("unnests a table function where it makes rows, in the list of a SELECT, and nowhere else", () => {
    const words: FunctionDescription = {
      ...{ name: "words", kind: "table", doc: "", arguments: [field("text", "string")] },
      result: { type: { list: { type: "string", nullable: false } }, nullable: false },
    };
    const within = (text: string) => {
      const source = text.replace("|", "");
      const job = readJobText(source) ?? assert.fail("no job");
      const found = completionsAt(job, text.indexOf("|"), { functions: [...functions, words], input });
      return found?.items.flatMap((item) => (item.kind === "function" ? [item.within] : []));
    };
    assert.deepEqual(within(map("SELECT | FROM input")), [undefined, undefined, "unnest"]);
    assert.deepEqual(within(map("SELECT delay, wo| FROM input")), [undefined, undefined, "unnest"]);
    assert.deepEqual(within(both("SELECT origin FROM input", "SELECT | FROM mapped")), [
      undefined,
      undefined,
      "unnest",
    ]);
    for (const plain of ["SELECT unnest(|) FROM input", "SELECT len(|) FROM input", "SELECT 1 FROM input WHERE |"])
      assert.deepEqual(within(map(plain)), [undefined, undefined, undefined], plain);
  });

  test("puts what fits the argument first", () => {
    const fitting = (text: string) =>
      complete(text)
        ?.items.filter(({ fits }) => fits)
        .map(({ label }) => label);
    assert.deepEqual(fitting(map("SELECT route(| FROM input")), ["origin"]);
    assert.deepEqual(fitting(map("SELECT delay_band(|) FROM input")), ["delay"]);
    assert.deepEqual(fitting(map("SELECT | FROM input")), []);
  });

  test("offers the fields of a struct: of a result, of a column, of a column in a column, of an alias", () => {
    assert.deepEqual(labels(map("SELECT route(origin, origin).| FROM input")), ["km", "band"]);
    assert.deepEqual(labels(map("SELECT ROUTE(origin, origin).k| FROM input")), ["km", "band"]);
    assert.deepEqual(labels(map("SELECT place.| FROM input")), ["lat", "the name", "deep"]);
    assert.deepEqual(labels(map("SELECT input.place.deep.| FROM input")), ["x", "y"]);
    assert.deepEqual(labels(map("SELECT route(origin, origin) AS r, r.| FROM input")), ["km", "band"]);
    assert.deepEqual(labels(map("SELECT input.| FROM input")), allColumns);
    assert.deepEqual(labels(map("SELECT delay.| FROM input")), []);
  });

  test("offers in reduce the columns that map gives", () => {
    const first = "SELECT origin, delay_band(delay) AS band, route(origin, origin) AS way, 1 + 1 AS two FROM input";
    assert.deepEqual(labels(both(first, "SELECT | FROM mapped")), ["origin", "band", "way", "two", ...allFunctions]);
    assert.deepEqual(labels(both(first, "SELECT max(way.|) FROM mapped")), ["km", "band"]);
    assert.deepEqual(labels(both("SELECT *, 1 AS one FROM input", "SELECT | FROM mapped")), [
      ...allColumns,
      "one",
      ...allFunctions,
    ]);
    assert.deepEqual(labels(both(first, "SELECT 1 FROM |")), ["mapped"]);
    assert.deepEqual(labels(map("SELECT 1 FROM |")), ["input"]);
  });

  test("offers nothing in a text, in a comment, behind a value, or outside of the SQL", () => {
    for (const text of [map("SELECT '|'"), map("SELECT 1 -- |"), map("SELECT origin |"), `${map("SELECT 1")}|`]) {
      assert.equal(complete(text), undefined, text);
    }
  });
});

describe("hover in a job", () => {
  const source = readFileSync(path.join(projectRoot, "native-template", "jobs", "by-origin.job.ts"), "utf8");
  const hover = (text: string, from = 0) =>
    hoverAt(readJobText(source) ?? assert.fail(), source.indexOf(text, from), known);

  test("tells the signature and doc of a function where it is called", () => {
    const found = hover("delay_band(delay)");
    assert.equal(found?.kind === "function" && found.signature, "delay_band(minutes: int64?) -> int32");
    assert.equal(found && source.slice(found.span.start, found.span.end), "delay_band");
  });

  test("tells the type of a column, also of one that map gives", () => {
    const delay = hover("delay,");
    assert.equal(delay?.kind === "column" && delay.type, "BIGINT");
    const band = hover("delay_band >= 2");
    assert.equal(band?.kind === "column" && band.type, "int32");
  });

  test("tells nothing of a comment, another function or what is not SQL", () => {
    for (const text of ["route() gives", "count(*)", "modules", "data/flights"])
      assert.equal(hover(text), undefined, text);
  });
});

test("the signature of the call around the cursor is told, with the argument", () => {
  const text = map("SELECT route(origin, |) FROM input");
  const found = signatureAt(readJobText(text.replace("|", "")) ?? assert.fail(), text.indexOf("|"), functions);
  assert.deepEqual([found?.description.name, found?.argument], ["route", 1]);
});

test("a job calls the functions that its SQL calls, and no others", () => {
  const source = readFileSync(path.join(projectRoot, "native-template", "jobs", "by-origin.job.ts"), "utf8");
  assert.deepEqual(
    ["route", "Delay_Band", "haversine_km", "origin"].map((name) => callsFunction(source, name)),
    [true, true, false, false],
  );
  assert.equal(callsFunction("no job", "route"), false);
});
