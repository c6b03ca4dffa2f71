import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { BuildResult } from "../../../src/build/build.ts";
import type { Job } from "../../../src/core/job.ts";
import { loadModule } from "../../../src/module/load-module.ts";
import { type Run, type SubmitOptions, submit } from "../../../src/run/submit.ts";
import { builtModule } from "../../support/built-module.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A module whose functions fail at rows that their arguments name, in a folder of its own, with the shared build. */
export class FailingModule {
  readonly root: string;
  readonly built: BuildResult;

  private constructor(root: string, built: BuildResult) {
    this.root = root;
    this.built = built;
  }

  static async make(): Promise<FailingModule> {
    const source = readFileSync(path.join(import.meta.dirname, "failing.cpp"), "utf8");
    const { module, built } = await builtModule("failing", { "src/failing.cpp": source });
    const root = path.join(temporaryFolder("failing"), "failing");
    cpSync(module.root, root, { recursive: true, filter: (file) => !file.includes(".native-udf") });
    for (const folder of ["jobs", "data"]) mkdirSync(path.join(root, folder), { recursive: true });
    return new FailingModule(root, built);
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  /** A Parquet file with a column `number` that counts from `begin` on, and a column `name` of texts. */
  async writeNumbers(file: string, { begin = 0, rows }: { begin?: number; rows: number }): Promise<void> {
    const select = `SELECT range AS number, 'name ' || range AS name FROM range(${begin}, ${begin + rows})`;
    await query(`COPY (${select}) TO '${this.path(file)}' (FORMAT parquet, ROW_GROUP_SIZE 122880)`);
  }

  writeJob(name: string, job: Partial<Job> & Pick<Job, "map">): void {
    const whole: Job = {
      modules: ["failing"],
      input: { path: "data/numbers.parquet" },
      output: { path: `out/${name}.parquet` },
      ...job,
    };
    const text = `import { defineJob } from "native-udf";\n\nexport default defineJob(${JSON.stringify(whole)});\n`;
    writeFileSync(this.path(`jobs/${name}.job.ts`), text);
  }

  submit(job: string, options: Partial<SubmitOptions> = {}): Run {
    const artifacts = [{ manifest: this.built.manifest, path: this.built.artifactPath }];
    return submit({ module: loadModule(this.root), job, artifacts, workers: 2, ...options });
  }

  /** `src/failing.cpp:25` of the line that a comment marks. */
  markedLine(name: string): string {
    const lines = readFileSync(this.path("src/failing.cpp"), "utf8").split("\n");
    const index = lines.findIndex((line) => line.endsWith(`// ${name}`));
    if (index < 0) throw new Error(`no line is marked ${name}`);
    return `src/failing.cpp:${index + 1}`;
  }
}

/** The rows of a query in a DuckDB of its own, each value as JSON. */
export async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** How many of the input's rows are in neither of the files, in both, or in one of them more than once. */
export async function notOnce(result: string, aside: string, input: string): Promise<unknown> {
  const all = `SELECT number FROM '${result}' UNION ALL SELECT number FROM '${aside}'`;
  const [[wrong] = []] = await query(
    `SELECT count(*)::INT FROM (SELECT number, count(*) AS times FROM (${all}) GROUP BY number) AS found
     FULL JOIN '${input}' AS input USING (number) WHERE times IS DISTINCT FROM 1 OR input.number IS NULL`,
  );
  return wrong;
}
