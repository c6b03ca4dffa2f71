import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { BuiltModule } from "../../support/built-module.ts";
import { type Python, pythonPackages, pythons } from "../../support/python.ts";
import { buildColumnTypes } from "./column-types.ts";
import { pythonAttempts, pythonProgram } from "./program.ts";

/* Every type of column, through the stub of Python: what goes in comes out. */

let columnTypes: BuiltModule;
let python: Python;
before(async () => {
  columnTypes = await buildColumnTypes();
  const [first] = await pythons();
  assert.ok(first);
  python = first;
});

const inPython = (body: string, packages?: string) =>
  pythonProgram({
    ...{ python, stubs: columnTypes.module.stubs, module: "column_types", body: pythonAttempts + body },
    ...(packages === undefined ? {} : { packages }),
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
