import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Manifest } from "../../src/core/manifest.ts";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { type Run, type SubmitOptions, submit } from "../../src/run/submit.ts";
import { projectRoot } from "./command-line.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/*
 * A module whose functions are written in JavaScript in place of a generated stub, so that the runner's tests need no
 * compiler: workers, DuckDB, files and processes are the real ones.
 */

/** Scalar functions of one DOUBLE argument, in the worker's process, whose folder is the module's. */
const stub = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";

let configs = {};
let rowError;
const functions = {
  half: (x) => x / 2,
  /** A word of SQL. */
  both: (x) => x,
  checked: (x) => {
    if (x === 1500) throw new Error("x must not be 1500");
    return x;
  },
  crash_at: (x) => {
    if (x === 1500) process.kill(process.pid, "SIGSEGV");
    return x;
  },
  exit_at: (x) => {
    if (x === 1500) process.exit(0);
    return x;
  },
  crash_once: (x) => {
    if (x === 1500 && !existsSync("crashed")) {
      writeFileSync("crashed", "");
      process.kill(process.pid, "SIGABRT");
    }
    return x;
  },
  hang_at: (x) => {
    if (x !== 1500) return x;
    appendFileSync("hanging", process.pid + "\\n");
    for (;;);
  },
  wait_for_file: (x) => {
    appendFileSync("waiting", process.pid + "\\n");
    while (!existsSync("go"));
    return x;
  },
  fail_unless_go: (x) => {
    if (x === 199_999 && !existsSync("go")) throw new Error("not yet");
    return x;
  },
  wait_at_end: (x) => {
    if (x !== 199_999) return x;
    appendFileSync("waiting", process.pid + "\\n");
    while (!existsSync("go"));
    return x;
  },
  spawn_and_hang: (x) => {
    const child = spawn("sleep", ["1000"], { stdio: "inherit" });
    appendFileSync("hanging", process.pid + "\\n" + child.pid + "\\n");
    for (;;);
  },
  count_call: (x) => {
    appendFileSync("calls", x + "\\n");
    return x;
  },
  say: (x) => {
    if (x === 1) process.stdout.write("héllo ");
    if (x === 2) process.stdout.write("wörld\\n");
    if (x === 3) process.stderr.write("something is odd\\nINFO all is well\\n");
    if (x === 4) process.stderr.write("y".repeat(100_000) + "\\nafter\\n");
    if (x === 5) process.stdout.write("the last line");
    return x;
  },
  config_length: (x) => readFileSync(configs["words.txt"], "utf8").length,
};

export function load(options) {
  configs = options.configs;
  const words = configs["words.txt"];
  return {
    prepare() {
      if (words && readFileSync(words, "utf8").includes("broken")) {
        throw Object.assign(new Error("words.txt: it is broken"), { code: "UDF_CONFIG_ERROR", config: "words.txt" });
      }
    },
  };
}

export function lastRowError() {
  return rowError;
}

export function register(connection, duckdb) {
  for (const [name, compute] of Object.entries(functions)) {
    connection.registerScalarFunction(
      duckdb.DuckDBScalarFunction.create({
        name,
        parameterTypes: [duckdb.DOUBLE],
        returnType: duckdb.DOUBLE,
        volatile: true,
        mainFunction(info, chunk, output) {
          const values = chunk.getColumnVector(0);
          for (let row = 0; row < chunk.rowCount; row++) {
            try {
              output.setItem(row, compute(values.getItem(row)));
            } catch (error) {
              rowError = { function: name, row, message: error.message };
              throw error;
            }
          }
          output.flush();
        },
      }),
    );
  }
}
`;

const artifactText = "the functions are in the stub";
const functionNames = [...stub.matchAll(/^ {2}(\w+): \(x\) =>/gm)].map(([, name = ""]) => name);

export type JobText = { map?: string; reduce?: string; input?: string; output?: string };

export class ScriptedModule {
  readonly root: string;

  /** In a new folder that is removed when the test file has ended, or below `parent`. */
  constructor(name: string, parent?: string) {
    this.root = path.join(parent ?? temporaryFolder(name), "scripted");
    for (const folder of ["jobs", "stubs", "artifacts", "data"]) {
      mkdirSync(path.join(this.root, folder), { recursive: true });
    }
    this.write("native-udf.json", JSON.stringify({ name: "scripted" }));
    this.write("stubs/scripted.duckdb.ts", stub);
    this.write("artifacts/scripted.udf.so", artifactText);
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(this.root, "node_modules"));
  }

  get module(): Module {
    return loadModule(this.root);
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  write(file: string, text: string | Buffer): string {
    mkdirSync(path.dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
    return this.path(file);
  }

  /** `x,name` for x from 0. */
  writeRows(file: string, rows: number): void {
    const lines = Array.from({ length: rows }, (_, x) => `${x},row-${x}\n`);
    this.write(file, `x,name\n${lines.join("")}`);
  }

  job(name: string, options: JobText): string {
    const { map = "SELECT x, half(x) AS h FROM input", input = "data/rows.csv", output = `out/${name}.csv` } = options;
    const fields = [
      'modules: ["scripted"]',
      `input: { path: ${JSON.stringify(input)} }`,
      `map: ${JSON.stringify(map)}`,
      ...(options.reduce ? [`reduce: ${JSON.stringify(options.reduce)}`] : []),
      `output: { path: ${JSON.stringify(output)} }`,
    ];
    const text = `import { defineJob } from "native-udf";\n\nexport default defineJob({\n  ${fields.join(",\n  ")},\n});\n`;
    this.write(`jobs/${name}.job.ts`, text);
    return this.path(output);
  }

  submit(job: string, options: Partial<SubmitOptions> = {}): Run {
    return submitScripted(this.root, job, options);
  }

  /** Starts a run in a process of its own, which `test/support/submit-scripted.ts` is. */
  submitElsewhere(job: string): ChildProcess {
    const program = path.join(projectRoot, "test", "support", "submit-scripted.ts");
    return spawn(process.execPath, ["--import", import.meta.resolve("tsx"), program, this.root, job], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  /** Process ids that functions have written to a file of the module's folder, one a line. */
  pidsIn(file: string): number[] {
    if (!existsSync(this.path(file))) return [];
    return readFileSync(this.path(file), "utf8").split("\n").slice(0, -1).map(Number);
  }
}

/** Starts a run of a module that a `ScriptedModule` has made. */
export function submitScripted(root: string, job: string, options: Partial<SubmitOptions> = {}): Run {
  return submit({ module: loadModule(root), job, artifacts: scriptedArtifacts(root), workers: 2, ...options });
}

/** The artifacts of such a module, as a run is given them. */
export function scriptedArtifacts(root: string): { manifest: Manifest; path: string }[] {
  return [artifactOf(root)];
}

function artifactOf(root: string): { manifest: Manifest; path: string } {
  const file = path.join(root, "artifacts", "scripted.udf.so");
  const sha256 = createHash("sha256").update(artifactText).digest("hex");
  return {
    path: file,
    manifest: {
      ...{ manifestVersion: 1, sdk: "1", module: "scripted", hash: sha256.slice(0, 12), sha256 },
      ...{ interfaceHash: sha256, sourcesHash: sha256, file: "scripted.udf.so", debugFile: "scripted.debug" },
      ...{ size: 1, mode: "release", doors: [], platform: { os: "linux", arch: "x64" }, glibcFloor: null },
      ...{ needed: [], buildId: "", tools: {} },
      functions: functionNames.map((name) => ({
        ...{ name, kind: "row", doc: "", arguments: [{ name: "x", type: "double", nullable: false }] },
        result: { type: "double", nullable: false },
      })),
    },
  };
}
