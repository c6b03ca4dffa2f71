import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";

const reportSchema = z.object({
  compared: z.number(),
  differing: z.array(z.string()),
  refused: z.record(z.string(), z.string()),
  rows: z.record(z.string(), z.array(z.unknown())),
  warnings: z.array(z.string()),
  "name of an aggregate": z.array(z.string()),
  names: z.array(z.string()),
  help: z.string(),
});

/** What `stub/values.py` reports of a session. */
export function testValues(reported: () => unknown): void {
  const read = () => reportSchema.parse(reported());

  test("every type is given back as it is: wide integers beside nulls, NaN, instants in hours that come twice, nested ones", () => {
    const { compared, differing } = read();
    assert.ok(compared > 380, String(compared));
    assert.deepEqual(differing, []);
  });

  test("functions take numbers of other types that stay what they are, and defaults", () => {
    const { rows } = read();
    assert.deepEqual(rows.widened, [
      [0, 0, "0.00"],
      [1, 1, "1.00"],
    ]);
    assert.deepEqual(rows.defaults, [42, "4.000000 km?", "4.000000m?"]);
  });

  test("what would not be exact is refused by function, argument and row of the partition", () => {
    const { refused } = read();
    const says = (name: string, ...patterns: readonly RegExp[]) => {
      for (const pattern of patterns) assert.match(refused[name] ?? "", pattern);
    };
    const row = (number: number) =>
      new RegExp(`\\nrow ${number} of the partition 0, stage \\d+ \\(rows are counted from 0\\)`);
    says("too large", /cases\.RowError: same_int8\(\): the argument value does not fit into int8\n/, row(8));
    says("negative", /same_uint64\(\): the argument value does not fit into uint64\n/, row(0));
    says("in a list", /list_uint8\(\): the argument list has elements that do not fit/, row(6));
    says("not a whole number", /same_int32\(\): the argument value is a column of double.*\.cast\("int"\)/);
    says("a text", /checked\(\): the argument value is a column of string.*\.cast\("double"\)/);
    says("no zone", /same_timestamp\(\): the argument value is a column of timestamp\[us\].*\.cast\("timestamp"\)/);
    says("another struct", /same_point\(\): the argument point has no field x/);
    says("no column", /checked\(\) needs a column for value; for a null give lit\(None\)/);
  });

  test("aggregates compute groups beside Spark's own aggregates, and lists explode", () => {
    const { rows, ...report } = read();
    const groups = z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])).parse(rows.aggregates);
    assert.deepEqual(
      groups.map(([group, own, , count]) => [group, own, count]),
      groups.map(([, , sparks], index) => [index, sparks, 6]),
    );
    assert.equal(groups.length, 2);
    assert.equal(rows.whole?.[0], rows.whole?.[1]);
    assert.deepEqual(report["name of an aggregate"], ["mean(x)"]);
    assert.deepEqual(rows.tables, [1, null, 3]);
  });

  test("register() makes them functions of SQL, and says which names are Spark's own", () => {
    const { rows, warnings } = read();
    assert.deepEqual(rows.sql, [
      [1.5, "nan", null, "9007199254740993", 1.5, 0, "0.000000 km?"],
      [1.5, "nan", null, "9007199254740993", 1.5, 2, "2.000000 km?"],
    ]);
    // Spark 3.5 has no such aggregates
    const [own, sparks] = z.array(z.array(z.number())).parse(rows["sql aggregates"] ?? []);
    assert.deepEqual(own, sparks);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /Spark has functions of its own named .*mean.*: SQL calls those of the module by cases_/,
    );
  });

  test("they have names and help", () => {
    const { names, help } = read();
    assert.deepEqual(names, ["checked", "mean", "options", "register", "ship"]);
    assert.match(help, /For the rows of a group: groupBy/);
  });
}
