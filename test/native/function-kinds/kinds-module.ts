import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import type { BuildResult } from "../../../src/build/build.ts";
import type { Job } from "../../../src/core/job.ts";
import { loadModule } from "../../../src/module/load-module.ts";
import { type Run, type SubmitOptions, submit } from "../../../src/run/submit.ts";
import { builtModule } from "../../support/built-module.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const name = "function_kinds";

/** A module with a function of each kind, in a folder of its own, with the shared build. */
export class KindsModule {
  readonly root: string;
  readonly built: BuildResult;

  private constructor(root: string, built: BuildResult) {
    this.root = root;
    this.built = built;
  }

  static async make(): Promise<KindsModule> {
    const source = readFileSync(path.join(import.meta.dirname, `${name}.cpp`), "utf8");
    const { module, built } = await builtModule(name, {
      [`src/${name}.cpp`]: source,
      "native-udf.json": JSON.stringify({ name, configs: ["config/offset.txt"] }),
      "config/offset.txt": "0.5\n",
    });
    const root = path.join(temporaryFolder("kinds"), name);
    cpSync(module.root, root, { recursive: true, filter: (file) => !file.includes(".native-udf") });
    return new KindsModule(root, built);
  }

  get stubs(): string {
    return path.join(this.root, "stubs");
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Runs a job over `id,text` rows `0,w0 x0`, `1,w1 x1` …, or `rows` of them. */
  submit(job: { map: string; reduce?: string; rows?: number }, options: Partial<SubmitOptions> = {}): Run {
    const { map, reduce, rows = 3000 } = job;
    this.write(
      "data/rows.csv",
      `id,text\n${Array.from({ length: rows }, (_, id) => `${id},w${id} x${id % 7}\n`).join("")}`,
    );
    const whole: Job = {
      ...{ modules: [name], input: { path: "data/rows.csv" }, map },
      ...(reduce === undefined ? {} : { reduce }),
      output: { path: "out/rows.parquet" },
    };
    this.write(
      "jobs/kinds.job.ts",
      `import { defineJob } from "native-udf";\nexport default defineJob(${JSON.stringify(whole)});\n`,
    );
    const artifacts = [{ manifest: this.built.manifest, path: this.built.artifactPath }];
    return submit({ module: loadModule(this.root), job: "kinds", artifacts, workers: 2, overwrite: true, ...options });
  }

  /** The stub for DuckDB, in this process. */
  async duckdbStub() {
    const stub: unknown = await import(pathToFileURL(path.join(this.stubs, `${name}.duckdb.ts`)).href);
    type Register = (connection: unknown, duckdb: unknown, bindings: unknown) => Promise<void>;
    return z.object({ register: z.custom<Register>((value) => typeof value === "function") }).parse(stub);
  }
}
