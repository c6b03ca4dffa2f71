import assert from "node:assert/strict";
import { linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type RunEvent, runEventSchema } from "../../src/core/events.ts";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/*
 * The main job on three million real flights. Expected values come from DuckDB's own trigonometry and joins over the
 * same files, never from the module.
 */

const root = path.join(temporaryFolder("flights"), "demo");
let connection: DuckDBConnection;

before(async () => {
  const made = await nativeUdf(["new", root, "--name", "flight_features"], { cwd: path.dirname(root) });
  assert.equal(made.exitCode, 0, made.stderr);
  assert.equal(made.stderr, "", "the data was found and copied");
  const built = await nativeUdf(["stubs"], { cwd: root });
  assert.equal(built.exitCode, 0, built.stderr);
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`CREATE VIEW flights AS SELECT * FROM '${root}/data/flights-3m.parquet'`);
  await connection.run(`CREATE TABLE airports AS SELECT * FROM read_csv('${root}/config/airports.csv')`);
  await connection.run(`CREATE MACRO distance_km(lat1, lon1, lat2, lon2) AS
    2 * 6371.0088 * asin(sqrt(sin(radians(lat2 - lat1) / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2))`);
});

async function submit(job: string, ...options: string[]): Promise<RunEvent[]> {
  const { exitCode, stdout, stderr } = await nativeUdf(["submit", job, "--overwrite", "--json", ...options], {
    cwd: root,
  });
  assert.equal(exitCode, 0, stdout.slice(-2000) + stderr);
  return stdout.split("\n").map((line) => runEventSchema.parse(JSON.parse(line)));
}

async function rows(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

const expected = `
  SELECT f.origin, count(*) AS flights, count(DISTINCT f.destination) AS destinations, avg(delay) AS mean_delay,
    100.0 * count(*) FILTER (delay > 15) / count(*) AS late_percent,
    avg(distance_km(a.latitude, a.longitude, b.latitude, b.longitude)) AS mean_km,
    max(distance_km(a.latitude, a.longitude, b.latitude, b.longitude)) AS longest_km,
    count(*) FILTER (distance_km(a.latitude, a.longitude, b.latitude, b.longitude) >= 3000) AS long_hauls
  FROM flights f LEFT JOIN airports a ON a.iata = f.origin LEFT JOIN airports b ON b.iata = f.destination
  GROUP BY f.origin`;

test("by-origin gives, for each of the airports, what DuckDB computes by itself", async () => {
  await submit("by-origin");
  const [differences] = await rows(`
    SELECT count(*), count(found.origin), count(expected.origin), sum(found.flights),
      count(*) FILTER (found.flights <> expected.flights OR found.destinations <> expected.destinations OR found.long_hauls <> expected.long_hauls),
      count(*) FILTER (abs(found.mean_delay - expected.mean_delay) > 0.0051 OR abs(found.late_percent - expected.late_percent) > 0.0051),
      count(*) FILTER (abs(found.mean_km - expected.mean_km) > 0.051 OR abs(found.longest_km - expected.longest_km) > 0.051),
      count(*) FILTER ((found.mean_km IS NULL) <> (expected.mean_km IS NULL))
    FROM (FROM '${root}/out/by-origin.parquet') found FULL JOIN (${expected}) expected USING (origin)`);
  const [airports] = await rows("SELECT count(DISTINCT origin) FROM flights");
  assert.deepEqual(differences, [airports?.[0], airports?.[0], airports?.[0], "3000000", "0", "0", "0", "0"]);
});

test("every row is there once and in its order, whatever the number of workers and parts", async () => {
  writeFileSync(
    path.join(root, "jobs", "rows.job.ts"),
    `import { defineJob } from "native-udf";
export default defineJob({
  modules: ["flight_features"],
  input: { path: "data/flights-3m.parquet" },
  map: "SELECT date, delay, distance, origin, destination, route(origin, destination).km AS km, delay_band(delay) AS band FROM input",
  output: { path: "out/rows.parquet" },
});
`,
  );
  await submit("rows", "--workers", "3");
  const [found] = await rows(`
    SELECT count(*), count(*) FILTER (f.row IS NULL OR r.row IS NULL),
      count(*) FILTER (f.date IS DISTINCT FROM r.date OR f.delay IS DISTINCT FROM r.delay OR f.origin IS DISTINCT FROM r.origin OR f.destination IS DISTINCT FROM r.destination),
      count(*) FILTER (r.band IS DISTINCT FROM CASE WHEN f.delay IS NULL THEN -1 WHEN f.delay <= 0 THEN 0 WHEN f.delay <= 15 THEN 1 WHEN f.delay <= 60 THEN 2 ELSE 3 END)
    FROM (SELECT *, file_row_number AS row FROM read_parquet('${root}/data/flights-3m.parquet', file_row_number = true)) f
      FULL JOIN (SELECT *, file_row_number AS row FROM read_parquet('${root}/out/rows.parquet', file_row_number = true)) r USING (row)`);
  assert.deepEqual(found, ["3000000", "0", "0", "0"]);
});

describe("memory", () => {
  test("stays flat when the input grows from 3 to 30 million rows", async () => {
    mkdirSync(path.join(root, "data", "tenfold"));
    for (let copy = 0; copy < 10; copy++) {
      linkSync(path.join(root, "data", "flights-3m.parquet"), path.join(root, "data", "tenfold", `${copy}.parquet`));
    }
    const job = readFileSync(path.join(root, "jobs", "by-origin.job.ts"), "utf8");
    writeFileSync(
      path.join(root, "jobs", "tenfold.job.ts"),
      job.replace("data/flights-3m.parquet", "data/tenfold/*.parquet").replace("out/by-origin", "out/tenfold"),
    );
    const once = peak(await submit("by-origin"));
    const events = await submit("tenfold");
    const tenfold = peak(events);
    const started = events.find((event) => event.kind === "run.started");
    assert.ok(started?.kind === "run.started" && started.rows === 30_000_000);
    assert.ok(
      tenfold < once * 1.3,
      `${Math.round(tenfold / 1e6)} MB for 30M rows, ${Math.round(once / 1e6)} MB for 3M`,
    );
    const [found] = await rows(`
      SELECT count(*) FILTER (ten.flights <> 10 * one.flights), count(*) FILTER (ten.longest_km IS DISTINCT FROM one.longest_km)
      FROM '${root}/out/tenfold.parquet' ten FULL JOIN '${root}/out/by-origin.parquet' one USING (origin)`);
    assert.deepEqual(found, ["0", "0"]);
  });
});

test("the digest that each worker reports is that of the artifact's bytes", async () => {
  const events = await submit("by-origin");
  const manifestFile = events.find((event) => event.kind === "run.started");
  assert.ok(manifestFile?.kind === "run.started");
  assert.ok(statSync(path.join(root, "artifacts", manifestFile.artifact)).isFile());
  const digests = events.flatMap((event) => (event.kind === "worker.started" ? [event.sha256] : []));
  assert.notEqual(digests.length, 0);
  assert.deepEqual([...new Set(digests)], [manifestFile.sha256]);
});

function peak(events: readonly RunEvent[]): number {
  return Math.max(...events.map((event) => (event.kind === "worker.exited" ? (event.peakBytes ?? 0) : 0)));
}
