import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { interleaved, median, timeProcess } from "./measure.ts";
import { atMost, type Benchmark, type Context, ms, type Row } from "./result.ts";

const workers = "2";

/** (b) The flight job, and a numeric job, against the same SQL with DuckDB's builtins in as many processes. */
export const flightJob: Benchmark = {
  name: "flight-job",
  title: "Jobs against DuckDB's builtins, 3M rows, 2 processes of one thread",
  run: async (context) => [...(await numericJob(context)), ...(await byOrigin(context)), await manyRows(context)],
};

const columns = "lat1, lon1, lat2, lon2";
const haversineSql =
  "2 * 6371.0088 * asin(sqrt(sin(radians(lat2 - lat1) / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2))";

/** Everything by the same program, so that only the expression differs. */
async function numericJob(context: Context): Promise<Row[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const file = path.join(context.module, "data", "places.parquet");
  await connection.run(`COPY (SELECT random() * 180 - 90 AS lat1, random() * 360 - 180 AS lon1, random() * 180 - 90 AS lat2,
    random() * 360 - 180 AS lon2 FROM range(3000000)) TO '${file}' (FORMAT parquet)`);
  const expressions = { udf: `haversine_km(${columns})`, builtin: haversineSql, none: "lat1" };
  for (const [name, expression] of Object.entries(expressions)) {
    writeJob(context, `places-${name}`, {
      map: `SELECT ${columns}, ${expression} AS km FROM input`,
      input: "data/places.parquet",
    });
  }
  const { udf, builtin, none } = await interleaved(context.rounds, {
    udf: async () => submit(context, "places-udf"),
    builtin: async () => submit(context, "places-builtin"),
    none: async () => submit(context, "places-none"),
  });
  return compared("haversine over 4 columns", { udf, builtin, none, builtinNone: none });
}

/** The builtins have no lookup, so their side is a hash join in a program of its own, with the same row ranges and parts. */
async function byOrigin(context: Context): Promise<Row[]> {
  const map =
    "SELECT origin, destination, delay, delay::INTEGER AS delay_band, {'km': delay::DOUBLE, 'band': delay::INTEGER} AS route FROM input";
  writeJob(context, "by-origin-none", { map, reduce: reduceOf(context, "by-origin") });
  const program = path.join(context.project, "bench", "builtin-job.mjs");
  const builtinJob = (mode: string) =>
    timeProcess(process.execPath, [program, context.module, mode, workers], context.project);
  const { one, two, none, builtin, builtinNone } = await interleaved(context.rounds, {
    one: async () => submit(context, "by-origin", "1"),
    two: async () => submit(context, "by-origin"),
    none: async () => submit(context, "by-origin-none"),
    builtin: async () => builtinJob("join"),
    builtinNone: async () => builtinJob("none"),
  });
  return [
    ...compared("flight job (route, delay_band)", { udf: two, builtin, none, builtinNone }),
    speedup("flight job, 2 workers against 1", { one, two }),
  ];
}

/** The same with 30M rows, where what is not divided weighs less. */
async function manyRows(context: Context): Promise<Row> {
  const data = path.join(context.module, "data");
  mkdirSync(path.join(data, "tenfold"), { recursive: true });
  for (let copy = 0; copy < 10; copy++) {
    linkSync(path.join(data, "flights-3m.parquet"), path.join(data, "tenfold", `${copy}.parquet`));
  }
  const map =
    "SELECT origin, destination, delay, delay_band(delay) AS delay_band, route(origin, destination) AS route FROM input";
  writeJob(context, "by-origin-tenfold", { map, reduce: reduceSql, input: "data/tenfold/*.parquet" });
  const { one, two } = await interleaved(3, {
    one: async () => submit(context, "by-origin-tenfold", "1"),
    two: async () => submit(context, "by-origin-tenfold"),
  });
  return speedup("the same with 30M rows, 2 workers against 1", { one, two });
}

function speedup(what: string, { one, two }: { one: Times; two: Times }): Row {
  const times = median(one) / median(two);
  return {
    what,
    ours: ms(median(two)),
    against: `${ms(median(one))} with one`,
    ratio: times,
    goal: "≥ 1.8 times as fast",
    met: times >= 1.8,
    limit: "start of the processes, planning and reduce are not divided",
  };
}

type Times = readonly number[] | undefined;
type Samples = Record<"udf" | "builtin" | "none" | "builtinNone", Times>;

function compared(what: string, samples: Samples): Row[] {
  const [udf, builtin] = [median(samples.udf), median(samples.builtin)];
  const net = Math.min(...(samples.udf ?? [])) - Math.min(...(samples.none ?? []));
  const builtinNet = Math.min(...(samples.builtin ?? [])) - Math.min(...(samples.builtinNone ?? []));
  return [
    {
      what: `${what}, whole process`,
      ours: ms(udf),
      against: `${ms(builtin)} builtins`,
      ...atMost(udf / builtin, 1.1),
      limit: "start of the processes, Parquet",
    },
    {
      what: `${what}, net of a pass-through`,
      ours: ms(net),
      against: `${ms(builtinNet)} builtins`,
      ...atMost(net / builtinNet, 1.1),
      limit: "the function itself, then the hop into JavaScript at each 2,048 rows",
    },
  ];
}

/** As the job has it, so that a pass-through differs from it in `map` only. */
function reduceOf({ module }: Context, job: string): string {
  const text = readFileSync(path.join(module, "jobs", `${job}.job.ts`), "utf8");
  const [, reduce] = /reduce: `([^`]*)`/.exec(text) ?? [];
  if (reduce === undefined) throw new Error(`${job} has no reduce in backquotes`);
  return reduce;
}

const reduceSql =
  "SELECT origin, count(*) AS flights, round(avg(delay), 2) AS mean_delay, round(avg(route.km), 1) AS mean_km, max(delay_band) AS band FROM mapped GROUP BY origin ORDER BY flights DESC, origin";

function writeJob(context: Context, name: string, job: { map: string; reduce?: string; input?: string }): void {
  const { map, reduce, input = "data/flights-3m.parquet" } = job;
  const fields = {
    modules: ["flight_features"],
    input: { path: input },
    map,
    reduce,
    output: { path: `out/${name}.parquet` },
  };
  const text = `import { defineJob } from "native-udf";\nexport default defineJob(${JSON.stringify(fields)});\n`;
  writeFileSync(path.join(context.module, "jobs", `${name}.job.ts`), text);
}

function submit({ project, module }: Context, job: string, count = workers): number {
  const program = path.join(project, "dist", "cli.js");
  return timeProcess(process.execPath, [program, "submit", job, "--overwrite", "--quiet", "--workers", count], module);
}
