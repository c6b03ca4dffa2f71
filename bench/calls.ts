import path from "node:path";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import * as z from "zod";
import { interleaved, median } from "./measure.ts";
import { atMost, type Benchmark, ms, type Row } from "./result.ts";

type Number4 = (a: number, b: number, c: number, d: number) => number | null;
type Register = (connection: duckdb.DuckDBConnection, module: typeof duckdb) => Promise<void>;
const stubSchema = z.object({ haversine_km: z.custom<Number4>((value) => typeof value === "function") });
const registerSchema = z.object({ register: z.custom<Register>((value) => typeof value === "function") });

function haversineInJavaScript(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = Math.PI / 180;
  const sinLat = Math.sin(((lat2 - lat1) * radians) / 2);
  const sinLon = Math.sin(((lon2 - lon1) * radians) / 2);
  const h = sinLat * sinLat + Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * sinLon * sinLon;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, h)));
}

/** (c) The same function in JavaScript, called by DuckDB the same way; (d) one scalar call from Node. */
export const calls: Benchmark = {
  name: "calls",
  title: "Calls from Node",
  run: async ({ module, rounds }) => {
    const stub = stubSchema.parse(await import(pathToFileURL(path.join(module, "stubs", "flight_features.ts")).href));
    const registration: unknown = await import(
      pathToFileURL(path.join(module, "stubs", "flight_features.duckdb.ts")).href
    );
    return [await inDuckDB(registerSchema.parse(registration).register, rounds), ...scalarCall(stub.haversine_km)];
  },
};

async function inDuckDB(register: Register, rounds: number): Promise<Row> {
  const connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await register(connection, duckdb);
  connection.registerScalarFunction(
    duckdb.DuckDBScalarFunction.create({
      name: "haversine_js",
      parameterTypes: [duckdb.DOUBLE, duckdb.DOUBLE, duckdb.DOUBLE, duckdb.DOUBLE],
      returnType: duckdb.DOUBLE,
      volatile: true,
      mainFunction: (_info, input, output) => {
        const columns = [0, 1, 2, 3].map((index) => {
          const vector = input.getColumnVector(index);
          if (!(vector instanceof duckdb.DuckDBDoubleVector)) throw new Error("a column is no double");
          return vector;
        });
        const [a, b, c, d] = columns;
        for (let row = 0; row < input.rowCount; row++) {
          output.setItem(
            row,
            haversineInJavaScript(
              a?.getItem(row) ?? 0,
              b?.getItem(row) ?? 0,
              c?.getItem(row) ?? 0,
              d?.getItem(row) ?? 0,
            ),
          );
        }
        output.flush();
      },
    }),
  );
  await connection.run(
    "CREATE TABLE t AS SELECT random() * 90 AS a, random() * 180 AS b, random() * 90 AS c, random() * 180 AS d FROM range(3000000)",
  );
  const time = async (sql: string) => {
    const start = performance.now();
    await connection.run(sql);
    return (performance.now() - start) / 1000;
  };
  const { native, javascript } = await interleaved(rounds, {
    native: () => time("SELECT sum(haversine_km(a, b, c, d)) FROM t"),
    javascript: () => time("SELECT sum(haversine_js(a, b, c, d)) FROM t"),
  });
  return {
    what: "haversine over 3M rows, C++ against plain JavaScript",
    ours: ms(median(native)),
    against: `${ms(median(javascript))} JavaScript`,
    ...atMost(median(native) / median(javascript), 1),
    limit: "the function itself",
  };
}

const callCount = 2_000_000;

function scalarCall(haversine: Number4): Row[] {
  const time = (call: Number4) => {
    let sum = 0;
    for (let warm = 0; warm < 100_000; warm++) sum += call(40, -73, 51, warm % 90) ?? 0;
    const start = performance.now();
    for (let index = 0; index < callCount; index++) sum += call(40, -73, 51, index % 90) ?? 0;
    const ns = ((performance.now() - start) * 1e6) / callCount;
    if (!Number.isFinite(sum)) throw new Error("the sum is no number");
    return ns;
  };
  const native = time(haversine);
  const javascript = time(haversineInJavaScript);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let sum = 0;
  for (let index = 0; index < 10_000; index++) sum += haversine(40, -73, 51, index % 90) ?? 0;
  const bytes = Math.max(0, process.memoryUsage().heapUsed - before) / 10_000;
  return [
    {
      what: `one scalar call from Node (sum ${sum > 0 ? "checked" : "empty"})`,
      ours: `${native.toFixed(0)} ns, ${bytes.toFixed(0)} bytes`,
      against: `${javascript.toFixed(0)} ns in JavaScript`,
      ratio: native / javascript,
      goal: "none",
      met: null,
      limit: "Node-API: reading four numbers and making one costs 65 to 150 ns a call",
    },
  ];
}
