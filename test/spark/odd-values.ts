/*
 * A table of values that engines treat otherwise: nulls, NaN, infinities, -0.0, the ends of every type, empty and
 * non-ASCII texts, ties of rounding, dates before 1970 and before the calendar of 1582.
 */

const columns: Record<string, { type: string; values: readonly string[] }> = {
  b: { type: "BOOLEAN", values: ["true", "false", "NULL"] },
  t: { type: "TINYINT", values: ["1", "-128", "127", "0", "-1", "NULL", "7"] },
  s: { type: "SMALLINT", values: ["2", "-32768", "32767", "0", "NULL", "-3"] },
  i: { type: "INTEGER", values: ["3", "-2147483648", "2147483647", "0", "-1", "NULL", "5", "-7", "10"] },
  l: {
    type: "BIGINT",
    values: ["4", "-9223372036854775808", "9223372036854775807", "0", "NULL", "9007199254740993", "-5"],
  },
  ut: { type: "UTINYINT", values: ["0", "255", "NULL", "9"] },
  us: { type: "USMALLINT", values: ["0", "65535", "NULL", "8"] },
  ui: { type: "UINTEGER", values: ["0", "4294967295", "NULL", "7"] },
  ul: { type: "UBIGINT", values: ["0", "18446744073709551615", "NULL", "6", "9223372036854775808"] },
  f: {
    type: "FLOAT",
    values: ["0.1", "'nan'", "'inf'", "-0.0", "3.4028234663852886e38", "NULL", "-2.5", "1e-45", "16777217"],
  },
  d: {
    type: "DOUBLE",
    values: [
      ...[
        "0.1",
        "'nan'",
        "'inf'",
        "'-inf'",
        "'-0.0'",
        "0.0",
        "1.7976931348623157e308",
        "5e-324",
        "NULL",
        "2.5",
        "-2.5",
      ],
      ...[
        "0.49999999999999994",
        "1.005",
        "-1.005",
        "2.675",
        "1e15",
        "9007199254740993.0",
        "-0.3",
        "0.5",
        "-0.5",
        "3.7",
      ],
    ],
  },
  g: {
    type: "DOUBLE",
    values: ["1.0", "-2.0", "NULL", "0.0", "'nan'", "'-inf'", "0.25", "'-0.0'", "1e-3", "100.125", "7"],
  },
  m: {
    type: "DECIMAL(9,2)",
    values: ["1.25", "-1.25", "0.00", "9999999.99", "-9999999.99", "NULL", "2.50", "3.50", "0.05"],
  },
  n: { type: "DECIMAL(18,3)", values: ["0.001", "-0.005", "NULL", "123456789012345.678", "2.000", "0.000", "-3.500"] },
  w: {
    type: "DECIMAL(38,10)",
    values: [
      "1.0000000001",
      "-9999999999999999999999999999.9999999999",
      "0",
      "NULL",
      "0.5",
      "12345678901234567890.123456789",
    ],
  },
  x: {
    type: "VARCHAR",
    values: [
      ...[
        "''",
        "'a'",
        "'abc'",
        "NULL",
        "'Äpfel'",
        "'日本語'",
        "'😀x'",
        "' a b '",
        "'ABC'",
        "'a%b_c'",
        "'a\\b'",
        "'it''s'",
      ],
      ...["'a,b,,c'", "'$x {y}'", "'straße'", "'12'"],
    ],
  },
  y: {
    type: "VARCHAR",
    values: ["'b'", "''", "'c'", "NULL", "'a'", "'x'", "' '", "'b,'", "'语'", "'%'", "'_'", "'Apfel'", "'.'"],
  },
  number: { type: "VARCHAR", values: ["'1'", "'-7'", "' 12 '", "NULL", "'0'", "'99'"] },
  z: { type: "BLOB", values: ["'\\x00\\xFF'::BLOB", "''::BLOB", "NULL", "'a'::BLOB"] },
  day: {
    type: "DATE",
    values: [
      ...["DATE '1970-01-01'", "DATE '1969-12-31'", "DATE '1582-10-04'", "DATE '1582-10-15'", "DATE '2024-02-29'"],
      ...[
        "DATE '0001-01-01'",
        "DATE '9999-12-31'",
        "NULL",
        "DATE '2020-12-31'",
        "DATE '2021-01-03'",
        "DATE '2019-12-30'",
      ],
    ],
  },
  other: {
    type: "DATE",
    values: ["DATE '2024-01-31'", "DATE '1900-03-01'", "NULL", "DATE '1969-07-20'", "DATE '2023-02-28'"],
  },
  ts: {
    type: "TIMESTAMP",
    values: [
      ...[
        "TIMESTAMP '1970-01-01 00:00:00'",
        "TIMESTAMP '1969-12-31 23:59:59.999999'",
        "TIMESTAMP '1582-10-04 12:30:00.5'",
      ],
      ...["TIMESTAMP '2024-02-29 10:20:30.123456'", "NULL", "TIMESTAMP '2021-01-03 00:00:00.000001'"],
      ...[
        "TIMESTAMP '0001-01-01 00:00:00'",
        "TIMESTAMP '9999-12-31 23:59:59.999999'",
        "TIMESTAMP '2000-03-31 23:00:00'",
      ],
    ],
  },
  tz: {
    type: "TIMESTAMPTZ",
    values: ["TIMESTAMPTZ '2024-03-31 01:30:00+00'", "NULL", "TIMESTAMPTZ '1960-01-01 12:00:00+02'"],
  },
  li: { type: "INTEGER[]", values: ["[1, 2, 3]", "[]", "NULL", "[NULL, 5]", "[-1]", "[3, 3, NULL, 1]"] },
  ls: { type: "VARCHAR[]", values: ["['a', 'b']", "[]", "NULL", "[NULL, '']", "['ä']"] },
  ld: { type: "DOUBLE[]", values: ["[1.5, 'nan'::DOUBLE]", "[]", "NULL", "[NULL, -0.5]"] },
  r: {
    type: "STRUCT(km DOUBLE, band INTEGER)",
    values: ["{'km': 1.5, 'band': 2}", "NULL", "{'km': NULL, 'band': 3}", "{'km': 7.25, 'band': NULL}"],
  },
};

/** So many that most pairs of values of two columns meet: the columns have lengths that share few factors. */
const rows = 60;

/** A SELECT that gives the table, with a row's number as `id`. */
export function oddValues(): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const values = Object.entries(columns).map(([name, { type, values: all }], at) => {
      const value = all[(row + (row >= 30 ? at * 3 : 0)) % all.length];
      return `CAST(${value} AS ${type}) AS ${name}`;
    });
    return `SELECT ${row} AS id, ${values.join(", ")}`;
  });
  return lines.join("\nUNION ALL BY NAME\n");
}
