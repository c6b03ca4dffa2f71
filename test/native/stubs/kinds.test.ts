import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import * as z from "zod";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import type { BuiltModule } from "../../support/built-module.ts";
import { projectRoot } from "../../support/command-line.ts";
import { type Python, pythonPackages, pythons } from "../../support/python.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { buildKinds } from "./kinds.ts";
import { attempts, nodeProgram, pythonAttempts, pythonProgram } from "./program.ts";

/* Every kind of column, through the stubs of TypeScript, DuckDB and Python: what goes in comes out. */

let kinds: BuiltModule;
let python: Python;
before(async () => {
  kinds = await buildKinds();
  const [first] = await pythons();
  assert.ok(first);
  python = first;
});

const stub = (name: string) => path.join(kinds.module.stubs, name);
const node = (body: string) => nodeProgram(stub("kinds.ts"), body);
const inPython = (body: string, packages?: string) =>
  pythonProgram({
    ...{ python, stubs: kinds.module.stubs, module: "kinds", body: pythonAttempts + body },
    ...(packages === undefined ? {} : { packages }),
  });

const point = '{ x: 1, y: null, label: "é" }';

describe("a call of one row in TypeScript", () => {
  test("gives each value back as it was given, at the ends of its range", async () => {
    const result = await node(`const result = [
      udf.same_int8(-128), udf.same_int16(32767), udf.same_int32(-2147483648), udf.same_int64(-(2n ** 63n)),
      udf.same_uint8(255), udf.same_uint16(65535), udf.same_uint32(4294967295), udf.same_uint64(2n ** 64n - 1n),
      udf.same_bytes(Uint8Array.of(0, 255)), udf.same_bytes(Buffer.from("")), udf.same_date(new Date("2024-02-29")), udf.same_date(new Date("0001-01-01")),
      udf.same_timestamp(-(2n ** 63n)), udf.same_timestamp(new Date(5)), udf.same_local_timestamp(1n),
      udf.same_money("-0.01"), udf.same_money("9999999999999999.99"), udf.same_wide_decimal("-1234567890123456789012345678.0123456789"),
      udf.same_small_decimal("+1.50"), udf.same_whole_decimal("007"), udf.maybe_uint64(null), udf.maybe_bytes(null), udf.maybe_money(null), udf.same_date(null),
    ];`);
    assert.deepEqual(result, [
      ...[-128, 32767, -2147483648, `${-(2n ** 63n)}n`, 255, 65535, 4294967295, `${2n ** 64n - 1n}n`, [0, 255], []],
      ...["2024-02-29T00:00:00.000Z", "0001-01-01T00:00:00.000Z", `${-(2n ** 63n)}n`, "5000n", "1n"],
      ...[
        "-0.01",
        "9999999999999999.99",
        "-1234567890123456789012345678.0123456789",
        "1.5",
        "7",
        null,
        null,
        null,
        null,
      ],
    ]);
  });

  test("takes lists as arrays or typed arrays, gives typed arrays where it can, and structs as objects", async () => {
    const track = `{ name: "n", points: [${point}, ${point}], times: [1n, 2n ** 60n], start: ${point}, end: null }`;
    const result = await node(`const result = [
      udf.list_double([1, 2]), udf.list_double(Float64Array.of(3)) instanceof Float64Array, udf.list_float([]).length, udf.list_uint8([0, 255]),
      udf.holes_double([1, null]), udf.list_bool([true, false]), udf.list_text(["a", "é"]), udf.holes_text(["a", null]),
      udf.list_bytes([Uint8Array.of(1)]), udf.list_money(["1.5"]), udf.list_date([new Date(0)]), udf.sum_list([1, 2.5]), udf.maybe_list(null),
      udf.same_point(${point}), udf.same_points([${point}]), udf.same_maybe_points([${point}, null]), udf.same_track(${track}),
      udf.same_nested([[1], [], [2, 3]]), udf.same_stamp({ day: new Date(0), at: 1n, price: "1", local: [2n], prices: ["3", "4.25"] }),
    ];`);
    const shown = { x: 1, y: null, label: "é" };
    assert.deepEqual(result, [
      ...[[1, 2], true, 0, [0, 255], [1, null], [true, false], ["a", "é"], ["a", null], [[1]], ["1.50"]],
      ...[["1970-01-01T00:00:00.000Z"], 3.5, null, shown, [shown], [shown, null]],
      { name: "n", points: [shown, shown], times: ["1n", `${2n ** 60n}n`], start: shown, end: null },
      ...[[[1], [], [2, 3]]],
      { day: "1970-01-01T00:00:00.000Z", at: "1n", price: "1.00", local: ["2n"], prices: ["3.00", "4.25"] },
    ]);
  });

  test("a null moves outward to the first place that has room for one", async () => {
    const result = await node(`const f: any = udf; const result = [
      f.list_double([1, null]), f.holes_double([1, null]), f.same_point({ x: null, y: 1, label: "a" }), f.maybe_point({ x: 1, y: 1, label: null }),
      f.same_points([${point}, { x: null, y: 1, label: "a" }]), f.same_maybe_points([${point}, { x: null, y: 1, label: "a" }, null]).map((p) => p === null),
      f.same_track({ name: "n", points: [null], times: null, start: ${point}, end: null }),
      f.same_track({ name: "n", points: [], times: [null], start: ${point}, end: { x: 1, y: 1, label: null } }).times,
      f.same_track({ name: "n", points: [], times: null, start: ${point}, end: { x: 1, y: 1, label: null } }).end,
    ];`);
    assert.deepEqual(result, [null, [1, null], null, null, null, [false, true, true], null, null, null]);
  });

  test("refuses what does not fit with the place in the argument", async () => {
    const result = await node(`${attempts} const f: any = udf; const result = attempt(
      () => f.same_int8(128), () => f.same_uint8(-1), () => f.same_uint64(-1n), () => f.same_date(new Date(1)), () => f.same_date("2024-01-01"),
      () => f.same_timestamp(5), () => f.same_money("1.234"), () => f.same_money(1), () => f.same_bytes("a"), () => f.list_double(["a"]), () => f.list_double(1),
      () => f.list_float(Float64Array.of(1)), () => f.same_points([${point}, { x: "a" }]), () => f.same_point(7),
      () => f.same_track({ name: "n", points: [${point}, { x: 1, y: 1, label: 7 }] }), () => f.checked_root(-4), () => f.checked_text(0));`);
    assert.deepEqual(result, [
      'same_int8(): argument "value" must be an integer of 8 bits, not 128',
      'same_uint8(): argument "value" must be a positive integer of 8 bits, not -1',
      'same_uint64(): argument "value" must be a positive integer of 64 bits, not -1',
      'same_date(): argument "value" must be a Date at midnight UTC, not an object',
      'same_date(): argument "value" must be a Date at midnight UTC, not a string',
      'same_timestamp(): argument "value" must be a bigint of microseconds since 1970, or a Date, not 5',
      'same_money(): argument "value" must be text with a decimal number of up to 18 digits, 2 of them behind the point, not a string',
      'same_money(): argument "value" must be text with a decimal number of up to 18 digits, 2 of them behind the point, not 1',
      'same_bytes(): argument "value" must be a Uint8Array, not a string',
      'list_double(): argument "list"[0] must be a number, not a string',
      'list_double(): argument "list" must be an array, not 1',
      'list_float(): argument "list" must be an array or a Float32Array, not an object',
      'same_points(): argument "points"[1].x must be a number, not a string',
      'same_point(): argument "point" must be an object, not 7',
      'same_track(): argument "track".points[1].label must be a string, not 7',
      "no root of -4",
      "zero",
    ]);
  });

  test("an argument with a default may be left out", async () => {
    const result = await node(
      `const result = [udf.describe(1), udf.describe(1, 3n), udf.describe(1, 3n, "m", true), udf.describe(1, null), udf.add_tax("100"), udf.add_tax("100", 7n)];`,
    );
    assert.deepEqual(result, ["2.000000 km?", "3.000000 km?", "3.000000m!", null, "119.00", "107.00"]);
  });
});

describe("columns in TypeScript", () => {
  test("lists, structs, decimals and bytes come out of a column row by row as they went in, from values and from columns", async () => {
    const result = await node(`const c = udf.columns;
    const lists = c.list_double([[1, 2], null, [], [3]]);
    const points = c.same_point({ x: Float64Array.of(1, 2), y: { values: Float64Array.of(1, 2), validity: Uint8Array.of(1) }, label: ["a", "b"] });
    const result = [
      [...lists], [...c.list_double(lists)], [...lists.offsets], [...lists.child.values], lists.length, [...c.list_double({ offsets: Int32Array.of(0, 1, 1), child: [7] })],
      [...c.same_money(["1.50", null, "-0.01"])], [...c.same_money(c.same_money(["12", null]))], [...c.same_bytes([Uint8Array.of(1, 2), null])],
      [...points.x.values], points.y.validity?.[0], [...points.label], points.validity, [...c.same_points([[${point}], null, []])],
      [...c.same_date([new Date(86400000), null]).values], [...c.same_uint64(BigUint64Array.of(2n ** 63n)).values], [...c.list_bool([[true], [false, true]])],
      [...c.same_track([{ name: "n", points: [${point}], times: [1n], start: ${point}, end: null }, null]).points], [...c.describe([1, 2])], [...c.describe([1], [5n], ["x"])],
    ];`);
    const shown = { x: 1, y: null, label: "é" };
    assert.deepEqual(result, [
      ...[[[1, 2], null, [], [3]], [[1, 2], null, [], [3]], [0, 2, 2, 2, 3], [1, 2, 3], 4, [[7], []]],
      ...[["1.50", null, "-0.01"], ["12.00", null], [[1, 2], null], [1, 2], 1, ["a", "b"], null, [[shown], null, []]],
      ...[
        [1, 0],
        [`${2n ** 63n}n`],
        [[true], [false, true]],
        [[shown], null],
        ["2.000000 km?", "4.000000 km?"],
        ["5.000000x?"],
      ],
    ]);
  });

  test("refuses malformed columns of lists and structs by their place", async () => {
    const result = await node(`${attempts} const c: any = udf.columns; const result = attempt(
      () => c.list_double({ offsets: Int32Array.of(0, 2), child: [1] }), () => c.list_double({ offsets: Int32Array.of(1, 0), child: [1] }), () => c.list_double(7),
      () => c.same_point({ x: [1], y: [1, 2], label: ["a"] }), () => c.same_point({ x: [1], label: ["a"] }), () => c.same_points([[${point}, { x: "a" }]]),
      () => c.same_money({ values: BigInt64Array.of(1n) }), () => c.describe([1], undefined, ["x"]));`);
    const outside = "has lists that fall or lie outside of their elements";
    assert.deepEqual(result, [
      `list_double(): argument "list" ${outside}`,
      `list_double(): argument "list" ${outside}`,
      'list_double(): argument 1 ("list") must be an array of lists and nulls, or { offsets: Int32Array, child: a column }',
      'same_point(): argument 1 ("point") must be columns of one length',
      'same_point(): argument 1 ("point").y must be a Float64Array, or { values, validity } of one, or an array of values and nulls',
      'same_points(): argument "points", row 0, at [1].x must be a number, not a string',
      'same_money(): argument 1 ("value") must be an array of texts and nulls, or { values, validity } with two elements of a BigInt64Array a row',
      "describe(): argument 2 cannot be left out when a later one is given",
    ]);
  });

  test("the stub passes tsc --strict, and gives its users the types that the page on authoring names", async () => {
    const program = `import * as udf from ${JSON.stringify(stub("kinds.ts"))};
      const list: Float32Array | null = udf.list_float([1, 2]);
      const price: string | null = udf.same_money("1");
      const when: bigint | null = udf.same_timestamp(new Date());
      const points: udf.Point[] | null = udf.same_points([{ x: 1, y: null, label: "a" }]);
      const column: udf.ListColumn<Float64Array, udf.Column<Float64Array>> = udf.columns.list_double([[1], null]);
      const text: string | null = udf.describe(1);
      // @ts-expect-error a list of numbers takes no texts
      udf.list_double(["a"]);
      export { column, list, points, price, text, when };`;
    const folder = path.join(temporaryFolder("types"), "program");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "program.ts"), program);
    const tsc = path.join(projectRoot, "node_modules", "typescript", "bin", "tsc");
    const options =
      "--strict --noEmit --target es2022 --module nodenext --allowImportingTsExtensions --skipLibCheck --types node";
    const roots = ["--typeRoots", path.join(projectRoot, "node_modules", "@types")];
    const { stdout, exitCode } = await runTool({
      command: process.execPath,
      args: [tsc, "--ignoreConfig", ...options.split(" "), ...roots, path.join(folder, "program.ts")],
    });
    assert.equal(exitCode, 0, stdout);
  });
});

describe("DuckDB", () => {
  async function rows(sql: string): Promise<unknown[][]> {
    const registered: unknown = await import(pathToFileURL(stub("kinds.duckdb.ts")).href);
    const { register } = z.object({ register: z.function() }).parse(registered);
    const connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    Reflect.apply(register, undefined, [connection, duckdb, bindings]);
    return (await connection.runAndReadAll(sql)).getRowsJson();
  }

  /** SQL of values of each type; the function that gives them back must give what DuckDB itself has. */
  const values: [string, string][] = [
    ["same_bool", "i % 3 = 0"],
    ["same_int8", "(i % 256 - 128)::TINYINT"],
    ["same_int16", "(i % 65536 - 32768)::SMALLINT"],
    ["same_int32", "(i * 100000 - 2147483648)::INTEGER"],
    ["same_int64", "(i * 461168601842738::BIGINT - 9223372036854775807)"],
    ["same_uint8", "(i % 256)::UTINYINT"],
    ["same_uint16", "(i % 65536)::USMALLINT"],
    ["same_uint32", "(4294967295 - i)::UINTEGER"],
    ["same_uint64", "(18446744073709551615 - i)::UBIGINT"],
    ["same_float", "(i / 7)::FLOAT"],
    ["same_double", "(i / 7)::DOUBLE"],
    ["same_date", "DATE '0001-01-01' + i::INTEGER * 100"],
    ["same_timestamp", "(TIMESTAMPTZ '1960-01-01 00:00:00.000001+00' + INTERVAL (i * 12345678) MILLISECONDS)"],
    ["same_local_timestamp", "(TIMESTAMP '1960-01-01 00:00:00.000001' + INTERVAL (i * 12345678) MILLISECONDS)"],
    ["same_money", "((i - 10000) * 1234567.89)::DECIMAL(18, 2)"],
    ["same_small_decimal", "((i % 999 - 500) / 10)::DECIMAL(4, 1)"],
    ["same_whole_decimal", "(i * 10000 - 99999999)::DECIMAL(9, 0)"],
    ["same_wide_decimal", "((i - 10000)::DECIMAL(38, 10) * 123456789012345678)::DECIMAL(38, 10)"],
    ["same_bytes", "('a' || repeat(chr((i % 26 + 97)::INTEGER), (i % 20)::INTEGER))::BLOB"],
    ["list_double", "[i, i + 0.5]::DOUBLE[]"],
    ["holes_double", "CASE WHEN i % 3 = 0 THEN [] ELSE [i, NULL, i * 2] END::DOUBLE[]"],
    ["list_bool", "[i % 2 = 0, i % 3 = 0]"],
    ["list_money", "[i, -i]::DECIMAL(18, 2)[]"],
    ["list_date", "[DATE '2020-01-01' + i::INTEGER]"],
    ["list_text", "['a' || i, repeat('ü', (i % 30)::INTEGER)]"],
    ["holes_text", "[NULL, repeat('x', (i % 30)::INTEGER)]"],
    ["list_bytes", "['\\xAA'::BLOB, repeat('b', (i % 30)::INTEGER)::BLOB]"],
    ["same_nested", "[[i % 100], [], [1, 2]]::SMALLINT[][]"],
    ["same_point", "{x: i::DOUBLE, y: CASE WHEN i % 2 = 0 THEN i::DOUBLE END, label: 'l' || i}"],
    [
      "same_points",
      "[{x: i::DOUBLE, y: CASE WHEN i % 2 = 0 THEN i::DOUBLE END, label: repeat('y', (i % 20)::INTEGER)}]",
    ],
    ["same_maybe_points", "[{x: i::DOUBLE, y: NULL::DOUBLE, label: 'a'}, NULL]"],
    [
      "same_track",
      "{name: 'n' || i, points: [{x: i::DOUBLE, y: NULL::DOUBLE, label: 'p'}], times: CASE WHEN i % 2 = 0 THEN [i] END, start: {x: 0::DOUBLE, y: 0::DOUBLE, label: ''}, \"end\": CASE WHEN i % 3 = 0 THEN {x: 1::DOUBLE, y: NULL::DOUBLE, label: 'e'} END}",
    ],
    [
      "same_stamp",
      "{day: DATE '2020-01-01', \"at\": NULL::TIMESTAMPTZ, price: i::DECIMAL(18, 2), local: [TIMESTAMP '2020-01-01 00:00:01'], prices: [i, 2]::DECIMAL(18, 2)[]}",
    ],
  ];
  for (const [name, value] of values) {
    test(`${name} gives back 20,000 rows of its type with nulls`, async () => {
      const found = await rows(`SELECT count(*), count(v), count(*) FILTER (${name}(v) IS DISTINCT FROM v)
        FROM (SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE ${value} END AS v FROM range(20000) r(i))`);
      assert.deepEqual(found, [["20000", "17142", "0"]]);
    });
  }

  test("has an overload for each argument that may be left out", async () => {
    assert.deepEqual(
      await rows(
        `SELECT "describe"(1), "describe"(1, 3), "describe"(1, 3, 'x'), "describe"(1, 3, 'x', true), add_tax(100)`,
      ),
      [["2.000000 km?", "3.000000 km?", "3.000000x?", "3.000000x!", "119.00"]],
    );
  });

  test("a null in a list or a struct that has no place for one makes it null", async () => {
    assert.deepEqual(
      await rows(`SELECT sum_list([1, NULL]), count_holes([1, NULL, NULL]), same_point({x: NULL, y: 1, label: 'a'}) IS NULL,
        same_points([{x: NULL, y: 1, label: 'a'}]) IS NULL, same_maybe_points([{x: NULL, y: 1, label: 'a'}]), maybe_point({x: 1, y: 1, label: NULL}) IS NULL`),
      [[null, 2, true, true, [null], true]],
    );
  });

  test("an error that a function gives names the function and the row", async () => {
    await assert.rejects(
      rows("SELECT sum(checked_root(5 - i)) FROM range(20) r(i)"),
      /checked_root\(\): no root of -1 \(row 6 /,
    );
  });
});

describe("a call of one row in Python", () => {
  test("gives each value back as Python has it", async () => {
    const result = await inPython(`import datetime as d
from decimal import Decimal
utc = d.timezone.utc
values = {
  "same_int8": [-128, 127], "same_int64": [-2**63, 2**63-1], "same_uint8": [255], "same_uint64": [2**64-1, 0], "same_bytes": [b"", b"\\x00\\xff"],
  "same_date": [d.date(1,1,1), d.date(9999,12,31), d.date(2024,2,29)],
  "same_timestamp": [d.datetime(2024,1,2,3,4,5,678901,utc), d.datetime(1,1,1,tzinfo=utc)],
  "same_local_timestamp": [d.datetime(1960,1,2,3,4,5,678901)],
  "same_money": [Decimal("-0.01"), Decimal("9999999999999999.99")], "same_wide_decimal": [Decimal("1E+27")], "maybe_money": [None],
  "list_double": [[1.5, 2.0], []], "holes_double": [[1.0, None]], "list_bool": [[True, False]], "list_text": [["a", "é"]], "holes_text": [[None, "b"]],
  "list_bytes": [[b"a"]], "list_money": [[Decimal("1.50")]], "list_date": [[d.date(2020,1,1)]], "maybe_list": [None, [1.0]],
  "same_point": [udf.Point(1.0, None, "é")], "same_points": [[udf.Point(1.0, 2.0, "a")], []], "same_maybe_points": [[udf.Point(1.0, 2.0, "a"), None]],
  "same_track": [udf.Track("n", [udf.Point(1.0, None, "p")], [1, 2], udf.Point(0.0, None, "s"), None)],
  "same_nested": [[[1], [], [2, 3]]],
}
wrong = [[name, repr(value), repr(getattr(udf, name)(value))] for name, all in values.items() for value in all
         if getattr(udf, name)(value) != value or repr(getattr(udf, name)(value)) != repr(value) and "decimal" not in name]
print(json.dumps([wrong, type(udf.same_points([(1, 2, "a")])[0]).__name__, udf.same_timestamp(d.datetime(2020,1,1,2,tzinfo=d.timezone(d.timedelta(hours=2)))).isoformat(),
  udf.describe(1.0), udf.describe(1.0, unit="m", loud=True), udf.list_double((1, 2)), udf.list_double([1.0, None]), udf.same_point((None, 1.0, "a")), str(udf.add_tax(100))]))`);
    assert.deepEqual(result, [
      ...[[], "Point", "2020-01-01T00:00:00+00:00", "2.000000 km?", "2.000000m!", [1, 2], null, null, "119.00"],
    ]);
  });

  test("refuses what does not fit with the place in the argument", async () => {
    const result = await inPython(`import datetime as d
print(json.dumps(attempt(lambda: udf.same_int8(128), lambda: udf.same_uint64(-1), lambda: udf.same_uint64(1.5), lambda: udf.same_date(d.datetime(2020,1,1)),
  lambda: udf.same_timestamp(d.datetime(2020,1,1)), lambda: udf.same_local_timestamp(d.datetime.now(d.timezone.utc)), lambda: udf.same_money(1.5),
  lambda: udf.list_double("ab"), lambda: udf.list_double([1.0, "a"]), lambda: udf.same_points([(1.0, None, "a"), (1.0, None)]),
  lambda: udf.same_track(("n", [(1.0, None, 7)], None, (1.0, None, "a"), None)), lambda: udf.checked_root(-4), lambda: udf.same_bytes("a"))))`);
    assert.deepEqual(result, [
      'TypeError: same_int8(): argument "value" must be an integer of 8 bits, not int',
      'TypeError: same_uint64(): argument "value" must be a positive integer of 64 bits, not int',
      'TypeError: same_uint64(): argument "value" must be a positive integer of 64 bits, not float',
      'TypeError: same_date(): argument "value" must be a datetime.date, not datetime',
      'TypeError: same_timestamp(): argument "value" must be a datetime.datetime with a time zone, not datetime',
      'TypeError: same_local_timestamp(): argument "value" must be a datetime.datetime without a time zone, not datetime',
      'TypeError: same_money(): argument "value" must be a decimal.Decimal: a decimal number of up to 18 digits, 2 of them behind the point, not float',
      'TypeError: list_double(): argument "list" must be a list, not str',
      'TypeError: list_double(): argument "list"[1] must be a number, not str',
      'TypeError: same_points(): argument "points"[1] must be a tuple of 3 fields, not tuple',
      'TypeError: same_track(): argument "track".points[0].label must be a string, not int',
      "RowError: no root of -4",
      'TypeError: same_bytes(): argument "value" must be bytes, not str',
    ]);
  });
});

describe("columns in Python, of pyarrow", () => {
  const withPyarrow = async (body: string) =>
    inPython(
      `import datetime as d\nimport pyarrow as pa\nfrom decimal import Decimal\n${body}`,
      await pythonPackages(python),
    );

  test("every layout that Arrow has for a type is read, whole and as a slice, and gives what it holds", async () => {
    const result = await withPyarrow(`
c = udf.columns
texts = ["", "a", None, "twelve bytes", "thirteen byte", "a long text that is shared", "é"]
words = pa.array(texts)
days = [d.date(2020, 1, 1), None, d.date(1969, 12, 31)]
moments = [d.datetime(2020, 1, 1, 2, 3, 4), None, d.datetime(1960, 1, 1)]
utc = [None if m is None else m.replace(tzinfo=d.timezone.utc) for m in moments]
lists = [[1.0, 2.0], None, [], [3.0], [4.0, 5.0, 6.0]]
pairs = [[1.0, 2.0], None, [3.0, 4.0]]
point = pa.struct([("label", pa.string_view()), ("y", pa.float64()), ("x", pa.float64()), ("more", pa.int8())])
points = [{"x": 1.0, "y": None, "label": "a"}, None, {"x": 2.0, "y": 3.0, "label": "a long label that lies outside"}]
cases = [
  *[("holes_text", pa.array([[t for t in texts], None, []], t)) for t in (pa.list_(pa.string()), pa.large_list(pa.large_string()), pa.list_(pa.string_view()), pa.list_view(pa.string()), pa.large_list_view(pa.string()))],
  *[("same_bytes", pa.array([b"a", None, b"a long text of bytes"], t)) for t in (pa.binary(), pa.large_binary(), pa.binary_view())],
  ("same_bytes", pa.array([b"ab", None, b"cd"], pa.binary(2))),
  *[("same_date", pa.array(days, t)) for t in (pa.date32(), pa.date64())],
  *[("same_local_timestamp", pa.array(moments, pa.timestamp(u))) for u in ("s", "ms", "us", "ns")],
  *[("same_timestamp", pa.array(utc, pa.timestamp(u, tz))) for u in ("s", "ms", "us", "ns") for tz in ("UTC", "Europe/Berlin")],
  *[("same_money", pa.array([Decimal("1.50"), None, Decimal("-2")], pa.decimal128(*t))) for t in ((18, 2), (5, 2), (38, 2), (20, 4), (4, 1))],
  *[("list_double", pa.array(lists, t)) for t in (pa.list_(pa.float64()), pa.large_list(pa.float64()), pa.list_view(pa.float64()), pa.large_list_view(pa.float64()))],
  ("list_double", pa.array(pairs, pa.list_(pa.float64(), 2))),
  ("list_bool", pa.array([[True, False, True], None, [False]])),
  ("holes_double", pa.array([[1.0, None], [], None, [None]])),
  ("list_money", pa.array([[Decimal("1.5")], None], pa.list_(pa.decimal128(18, 1)))),
  ("same_point", pa.array(points, point)), ("same_points", pa.array([points[:1], None, [], points[2:]], pa.list_(point))), ("same_maybe_points", pa.array([points], pa.list_(point))),
  ("same_nested", pa.array([[[1], []], None], pa.list_(pa.list_(pa.int16())))),
  ("same_int64", pa.array([1, None, 2**62]).dictionary_encode()), ("maybe_double", pa.array([1.0, None]).dictionary_encode()),
  ("same_money", pa.array([Decimal("1.50"), None], pa.decimal128(18, 2)).dictionary_encode()),
  ("list_text", pa.DictionaryArray.from_arrays(pa.array([1, None, 0, 1], pa.uint16()), pa.array([["a"], ["b", "c"]]))),
  ("same_point", pa.DictionaryArray.from_arrays(pa.array([2, 0, None]), pa.array(points, point))),
  ("same_uint8", pa.array([1, None, 255], pa.uint8())), ("same_uint64", pa.array([2**64 - 1], pa.uint64())), ("same_bool", pa.nulls(3)), ("list_double", pa.nulls(2)), ("same_points", pa.nulls(2)),
]
def plain(value):
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value) if key != "more"}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.astimezone(d.timezone.utc) if isinstance(value, d.datetime) and value.tzinfo else value
wrong = []
for name, array in cases:
    for part in (array, array[1:], array[1:2], array[:0]):
        found = plain(getattr(c, name)(part).to_pylist())
        expected = plain(part.to_pylist())
        if found != expected: wrong.append([name, str(array.type), repr(found), repr(expected)])
print(json.dumps([len(cases), wrong]))`);
    assert.deepEqual(result, [50, []]);
  });

  test("results have the types that Arrow has for them, and are valid Arrow", async () => {
    const result = await withPyarrow(`
c = udf.columns
f = pa.array([1.0, 2.0])
arrays = [c.same_uint16(pa.array([1], pa.uint16())), c.same_date(pa.array([d.date(2020, 1, 1)])), c.same_timestamp(pa.array([d.datetime(2020, 1, 1)], pa.timestamp("us", "UTC"))),
  c.same_local_timestamp(pa.array([d.datetime(2020, 1, 1)])), c.same_money(pa.array([Decimal("1.5")], pa.decimal128(18, 2))), c.same_bytes(pa.array([b"a"])), c.list_double(pa.array([[1.0], None])),
  c.same_points(pa.array([[{"x": 1.0, "y": None, "label": "a"}], None])), c.describe(f), c.describe(f, pa.array([3, None])), c.describe(f, loud=None, unit=None)]
for array in arrays: array.validate(full=True)
print(json.dumps([[str(array.type) for array in arrays], arrays[-3].to_pylist(), arrays[-2].to_pylist(), arrays[-4].null_count]))`);
    const struct = "struct<x: double, y: double, label: string>";
    assert.deepEqual(result, [
      [
        ...["uint16", "date32[day]", "timestamp[us, tz=UTC]", "timestamp[us]", "decimal128(18, 2)", "binary"],
        ...["list<item: double>", `list<item: ${struct}>`, "string", "string", "string"],
      ],
      ["2.000000 km?", "4.000000 km?"],
      ["3.000000 km?", null],
      1,
    ]);
  });

  test("what cannot be exact, or is of another type, is refused with its row", async () => {
    const result = await withPyarrow(`
c = udf.columns
print(json.dumps(attempt(
  lambda: c.same_local_timestamp(pa.array([0, 1], pa.timestamp("ns"))), lambda: c.same_timestamp(pa.array([2**62], pa.timestamp("s", "UTC"))),
  lambda: c.same_timestamp(pa.array([1], pa.timestamp("us"))), lambda: c.same_local_timestamp(pa.array([1], pa.timestamp("us", "UTC"))),
  lambda: c.same_money(pa.array([Decimal("1.234")])), lambda: c.same_money(pa.array([Decimal("1.2"), Decimal("12345678901234567")], pa.decimal128(20, 1))), lambda: c.same_money(pa.array([Decimal(1)], pa.decimal256(40, 2))),
  lambda: c.same_int16(pa.array([1], pa.int32())), lambda: c.list_double(pa.array([[1]])), lambda: c.same_point(pa.array([{"x": 1.0, "label": "a"}])), lambda: c.list_text(pa.array(["a"])),
  lambda: c.same_int64(pa.array(["a"]).dictionary_encode()), lambda: c.same_date(pa.array([d.datetime(2020, 1, 1)])), lambda: c.describe(pa.array([1.0]), unit=pa.array(["a"])))))`);
    const money = "decimal number of up to 18 digits, 2 of them behind the point";
    assert.deepEqual(result, [
      'TypeError: same_local_timestamp(): argument "value", row 1, has nanoseconds, and the function takes whole microseconds',
      'TypeError: same_timestamp(): argument "value", row 0, is too far from 1970 for microseconds of 64 bits',
      'TypeError: same_timestamp(): argument "value" needs a time zone, and has none',
      'TypeError: same_local_timestamp(): argument "value" must be without a time zone',
      `TypeError: same_money(): argument "value", row 0, is not exact as a ${money}`,
      `TypeError: same_money(): argument "value", row 1, is not exact as a ${money}`,
      'TypeError: same_money(): argument "value" must be a decimal of 128 bits with a scale from 0 to 38, not of format d:40,2,256',
      'TypeError: same_int16(): argument "value" must be an Arrow array of int16 (format s), not of format i',
      'TypeError: list_double(): argument "list" must be an Arrow array of double (format g), not of format l',
      'TypeError: same_point(): argument "point" has no field "y"',
      'TypeError: list_text(): argument "list" must be an Arrow array of list (format +l), not of format u',
      'TypeError: same_int64(): argument "value" must be an Arrow array of int64 (format l), not of format u',
      'TypeError: same_date(): argument "value" must be an Arrow array of date (format tdD), not of format tsu:',
      "TypeError: an argument cannot be left out when a later one is given",
    ]);
  });
});
