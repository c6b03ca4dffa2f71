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
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { buildColumnTypes } from "./column-types.ts";
import { attempts, nodeProgram } from "./program.ts";

/* Every type of column, through the stubs of TypeScript and DuckDB: what goes in comes out. */

let columnTypes: BuiltModule;
before(async () => {
  columnTypes = await buildColumnTypes();
});

const stub = (name: string) => path.join(columnTypes.module.stubs, name);
const node = (body: string) => nodeProgram(stub("column_types.ts"), body);
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
    const program = `import * as udf from ${JSON.stringify(stub("column_types.ts"))};
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
    const registered: unknown = await import(pathToFileURL(stub("column_types.duckdb.ts")).href);
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
