import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { DuckDBInstance } from "@duckdb/node-api";

/*
 * The flight job with DuckDB's builtins in place of the module's functions, as somebody would write it by hand: forked
 * processes of one thread, each over its own row ranges, then one reduce. Arguments: the module's folder, `join` or
 * `none` (reads and writes the same columns, computes nothing), the number of processes.
 */

const [, , module = "", mode = "join", processes = "2", share] = process.argv;
const input = path.join(module, "data", "flights-3m.parquet");
const folder = path.join(module, "out", `builtin-${mode}`);
const rows = 3_000_000;
const size = 136_364; // half a row group, as the runner cuts
const parts = Math.ceil(rows / size);

const distance =
  "2 * 6371.0088 * asin(sqrt(sin(radians(b.latitude - a.latitude) / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(radians(b.longitude - a.longitude) / 2) ** 2))";
const band =
  "CASE WHEN delay IS NULL THEN -1 WHEN delay <= 0 THEN 0 WHEN delay <= 15 THEN 1 WHEN delay <= 60 THEN 2 ELSE 3 END";
/** @type {Record<string, string>} */
const maps = {
  join: `SELECT origin, destination, delay, ${band} AS delay_band, {'km': km, 'band': CASE WHEN km < 500 THEN 0 WHEN km < 1500 THEN 1 WHEN km < 3000 THEN 2 ELSE 3 END} AS route
    FROM (SELECT origin, destination, delay, ${distance} AS km FROM input LEFT JOIN airports a ON a.iata = origin LEFT JOIN airports b ON b.iata = destination)`,
  none: "SELECT origin, destination, delay, delay::INTEGER AS delay_band, {'km': delay::DOUBLE, 'band': delay::INTEGER} AS route FROM input",
};

async function connect(threads = "1") {
  return (await DuckDBInstance.create(":memory:", { threads })).connect();
}

async function computeShare() {
  const connection = await connect();
  await connection.run(
    `CREATE TABLE airports AS SELECT iata, latitude, longitude FROM read_csv('${path.join(module, "config", "airports.csv")}')`,
  );
  for (let part = Number(share); part < parts; part += Number(processes)) {
    const where = `file_row_number >= ${part * size} AND file_row_number < ${(part + 1) * size}`;
    await connection.run(
      `CREATE OR REPLACE TEMP VIEW input AS SELECT * EXCLUDE (file_row_number) FROM read_parquet('${input}', file_row_number = true) WHERE ${where}`,
    );
    await connection.run(`COPY (${maps[mode]}) TO '${path.join(folder, `${part}.parquet`)}' (FORMAT parquet)`);
  }
}

async function computeAll() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const children = Array.from({ length: Number(processes) }, (_, index) =>
    fork(process.argv[1] ?? "", [module, mode, processes, String(index)]),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
  if (codes.some((code) => code !== 0)) throw new Error(`a process ended with ${codes.join(", ")}`);
  const connection = await connect(processes);
  await connection.run(`COPY (SELECT origin, count(*) AS flights, count(DISTINCT destination) AS destinations, round(avg(delay), 2) AS mean_delay,
      round(100.0 * count(*) FILTER (delay_band >= 2) / count(*), 2) AS late_percent, round(avg(route.km), 1) AS mean_km,
      round(max(route.km), 1) AS longest_km, count(*) FILTER (route.band = 3) AS long_hauls
    FROM read_parquet('${folder}/*.parquet') GROUP BY origin ORDER BY flights DESC, origin) TO '${folder}.result.parquet' (FORMAT parquet)`);
}

await (share === undefined ? computeAll() : computeShare());
