import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { before, describe, test } from "node:test";
import { execa } from "execa";
import * as z from "zod";
import type { BuildMode } from "../../src/build/build-folder.ts";
import { type Diagnostic, formatLocation } from "../../src/core/diagnostic.ts";
import { authorFrames } from "../../src/run/diagnose/author-frames.ts";
import { placeDiagnostic } from "../../src/run/diagnose/place-diagnostic.ts";
import { sourceFrames } from "../../src/run/diagnose/source-frames.ts";
import { type RunSummary, submit } from "../../src/run/submit.ts";
import { pathOfLinks } from "../support/path-of-links.ts";
import { pythons } from "../support/python.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { markedLines, type PlacesModule, placesModule } from "./sdk/places/places.ts";
import { inPython, type Request } from "./sdk/python-host.ts";

/* Where a function threw or crashed, as a run's diagnostic tells it: real compilers, real workers. */

type Ended = { summary: RunSummary; diagnostic: Diagnostic };

async function failedRun({ module, built }: PlacesModule, job: string): Promise<Ended> {
  const artifacts = [{ manifest: built.manifest, path: built.artifactPath }];
  const run = submit({ module, job, artifacts, workers: 1, retries: 0 });
  const diagnostics: Diagnostic[] = [];
  for await (const event of run.events) if (event.kind === "diagnostic") diagnostics.push(event.diagnostic);
  const summary = await run.finished;
  assert.equal(summary.outcome, "failed");
  const [diagnostic, ...others] = diagnostics;
  assert.ok(diagnostic);
  assert.deepEqual(others, []);
  return { summary, diagnostic };
}

/** The diagnostic's place, then those of its frames. */
function placesOf({ location, related }: Diagnostic): string[] {
  return [...(location ? [location] : []), ...related.map((frame) => frame.location)].map(formatLocation);
}

const throwing: [string, string][] = [
  ["thrown", "in the registered function"],
  ["thrown_number", "an object that is no std::exception, in a function with an optional result"],
  ["deep", "two calls deep, where the compiler may put all into one function"],
  ["separate", "two calls deep, in functions that stay apart"],
  ["in_header", "in a header of the author's"],
  ["at", "inside of std::vector::at"],
  ["parsed", "inside of std::stoi"],
  ["in_text", "inside of std::string::substr, in a function with a text as its result"],
  ["caught", "another exception than the one that it caught"],
  ["rethrown", "the same exception again, after it threw and caught another one meanwhile"],
];

const crashing: [name: string, signal: NodeJS.Signals, cause: string, what: string][] = [
  ["null_pointer", "SIGSEGV", "null pointer", "reads from a null pointer"],
  ["null_text", "SIGSEGV", "null pointer", "gives a null pointer to a function of libc"],
  ["null_function", "SIGSEGV", "null pointer", "calls a null pointer to a function"],
  ["divided", "SIGFPE", "divided by zero", "divides by zero"],
  ["aborted", "SIGABRT", "abort\\(\\)", "calls abort()"],
  ["trapped", "SIGILL", "an instruction does not exist", "runs into an instruction that does not exist"],
  ["unbacked", "SIGBUS", "no page behind it", "reads a mapped file beyond its end"],
  ["endless", "SIGSEGV", "stack is used up", "uses up the stack"],
];

for (const mode of ["release", "debug"] satisfies BuildMode[]) {
  describe(`in a ${mode} build`, () => {
    let places: PlacesModule;
    before(async () => {
      places = await placesModule(mode);
    });

    for (const [name, what] of throwing) {
      test(`a function that throws ${what}: the diagnostic is at that line, with the calls that led there`, async () => {
        const { diagnostic, summary } = await failedRun(places, name);
        assert.deepEqual(placesOf(diagnostic), markedLines(name));
        assert.deepEqual([diagnostic.code, diagnostic.origin], ["ROW_ERROR", "worker exception"]);
        assert.match(diagnostic.message, new RegExp(`^row 7 of data/rows\\.csv: ${name}\\(\\): `));
        assert.deepEqual(summary.error?.diagnostics, [diagnostic]);
      });
    }

    for (const [name, signal, cause, what] of crashing) {
      test(`a function that ${what}: the diagnostic is at that line, and the worker dies of ${signal} all the same`, async () => {
        const { diagnostic } = await failedRun(places, name);
        assert.deepEqual(placesOf(diagnostic), markedLines(name));
        assert.deepEqual([diagnostic.code, diagnostic.origin], ["WORKER_CRASHED", "crash"]);
        assert.match(diagnostic.message, new RegExp(`worker 1 died of ${signal} in ${name}\\(\\): .*${cause}`));
        assert.match(
          diagnostic.details ?? "",
          new RegExp(`It computed ${name}\\(\\) (?:for|at row 7 of) a batch of 10 rows\\.`),
        );
      });
    }

    test("an exception that leaves a noexcept function: the diagnostic is at the throw", async () => {
      const { diagnostic } = await failedRun(places, "promised");
      assert.deepEqual(placesOf(diagnostic), [markedLines("separate")[0], ...markedLines("promised")]);
      assert.match(
        diagnostic.message,
        /died of SIGABRT in promised\(\): an exception left a noexcept function.*: seven\. /,
      );
    });

    for (const [name, where, says] of [
      ["exited", "row 7", "worker 1 ended with exit code 0, since exited() called exit()"],
      ["exited_in_thread", "rows 0–9", "worker 1 ended with exit code 4, since the module's code called exit()"],
    ] as const) {
      test(`a function that ends the process (${name}) is told at once, at the line of its exit()`, async () => {
        const { diagnostic } = await failedRun(places, name);
        assert.equal(placesOf(diagnostic)[0], markedLines(name)[0]);
        assert.deepEqual([diagnostic.code, diagnostic.origin], ["WORKER_CRASHED", "crash"]);
        assert.ok(diagnostic.message.startsWith(`${where} of data/rows.csv: ${says}.`), diagnostic.message);
      });
    }

    test("a class whose constructor crashes: the diagnostic is at the line of the constructor", async () => {
      process.env.UDF_TEST_FRAGILE = "1";
      try {
        const { diagnostic } = await failedRun(places, "fragile");
        assert.equal(placesOf(diagnostic)[0], markedLines("fragile")[0]);
        assert.equal(diagnostic.code, "WORKER_CRASHED");
      } finally {
        delete process.env.UDF_TEST_FRAGILE;
      }
    });

    test("a call says the name of the function that it is in", async () => {
      const { diagnostic } = await failedRun(places, "separate");
      const [inner, outer] = diagnostic.related.map(({ message }) => message);
      assert.match(inner ?? "", /^called from here, in .*inner/);
      assert.match(outer ?? "", /^called from here(?:, in separate.*)?$/);
    });

    if (mode === "release") {
      withoutWhatItTakes(() => places);
      otherDoors(() => places);
    }
  });
}

/** The run fails as it does with a line, and says why there is none. */
function withoutWhatItTakes(given: () => PlacesModule): void {
  test("an exception that a function handles is no failure", async () => {
    const { module, built } = given();
    const artifacts = [{ manifest: built.manifest, path: built.artifactPath }];
    const { outcome, error, rows } = await submit({ module, job: "handled", artifacts, workers: 1 }).finished;
    assert.deepEqual([outcome, rows], ["succeeded", 10], error?.message);
  });

  test("without the artifact's debug info, the diagnostic has no line and says that it is gone", async () => {
    const { built } = given();
    const debugFile = path.join(path.dirname(built.artifactPath), built.manifest.debugFile);
    renameSync(debugFile, `${debugFile}.away`);
    try {
      const { diagnostic } = await failedRun(given(), "thrown");
      assert.deepEqual(placesOf(diagnostic), []);
      assert.match(diagnostic.message, /thrown\(\): seven/);
      assert.match(
        diagnostic.details ?? "",
        /The line in C\+\+ is not known: .*debug info is gone: artifacts\/.*\.debug/,
      );
    } finally {
      renameSync(`${debugFile}.away`, debugFile);
    }
  });

  test("without addr2line, the diagnostic has no line and says how to get it", async () => {
    const searched = process.env.PATH;
    process.env.PATH = pathOfLinks(temporaryFolder("path"), [], { "apt-get": "exit 1" });
    try {
      const { diagnostic } = await failedRun(given(), "thrown");
      assert.deepEqual(placesOf(diagnostic), []);
      assert.match(
        diagnostic.details ?? "",
        /The line in C\+\+ is not known: addr2line is not installed.*apt-get install.*binutils/,
      );
    } finally {
      process.env.PATH = searched;
    }
  });
}

const answerSchema = z.object({
  error: z.object({ message: z.string(), function: z.string(), frames: z.array(z.number()) }).nullable(),
  sameSignals: z.boolean(),
});

const guardedSchema = z.object({
  ...{ code: z.string(), name: z.string(), row: z.number(), signal: z.number(), message: z.string() },
  ...{ frames: z.array(z.number()), nulls: z.number() },
});

const crashSchema = z.object({
  module: z.string(),
  signal: z.number(),
  function: z.string(),
  cause: z.string(),
  rows: z.number(),
  frames: z.array(z.number()),
});

function lastLine(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "";
}

type Call = { name: string; crashes?: string; faulthandler?: "never" | "before" | "after" };

async function callInPython({ built }: PlacesModule, { name, crashes = "", faulthandler = "never" }: Call) {
  const [python] = await pythons();
  assert.ok(python);
  const host = path.join(import.meta.dirname, "sdk", "places", "host.py");
  const index = built.manifest.functions.findIndex((described) => described.name === name);
  const args = [host, "places", built.artifactPath, String(index), "7", crashes, faulthandler];
  return execa(python.command, args, { reject: false });
}

function otherDoors(given: () => PlacesModule): void {
  const placesOfFrames = async (frames: readonly number[]) => {
    const { module, built } = given();
    const debugFile = path.join(path.dirname(built.artifactPath), built.manifest.debugFile);
    const found = authorFrames(await sourceFrames(debugFile, frames), module.root);
    return found.map(({ file, line }) => `${file}:${line}`);
  };

  test("in Python, a RowError has the addresses of the calls that led to the throw", async () => {
    const { stdout } = await callInPython(given(), { name: "deep" });
    const { error } = answerSchema.parse(JSON.parse(stdout));
    assert.equal(error?.message, "seven");
    assert.deepEqual(await placesOfFrames(error.frames), markedLines("deep"));
  });

  test("through the C door, the addresses of the last row error can be asked for, and a crash is told after udf_watch()", async () => {
    const [python] = await pythons();
    assert.ok(python);
    const { manifest, artifactPath: artifact } = given().built;
    const crashes = path.join(temporaryFolder("watch"), "crashes");
    const values = new Uint8Array(Float64Array.of(1, 7).buffer);
    const arrays = [{ format: "g", length: 2, buffers: [null, values] }];
    const call = (name: string): Request => {
      const index = manifest.functions.findIndex((described) => described.name === name);
      return { do: "columns", index, arrays, door: "c" };
    };
    const host = { command: python.command, module: "places", artifact };
    const [failed, frames] = await inPython(host, [call("deep"), { do: "frames", door: "c" }]);
    assert.deepEqual([failed?.error?.code, failed?.error?.row], ["UDF_ROW_ERROR", 1]);
    assert.deepEqual(await placesOfFrames(z.array(z.number()).parse(frames?.result)), markedLines("deep"));
    const watch: Request = { do: "watch", arguments: [crashes], door: "c" };
    await assert.rejects(inPython(host, [watch, call("divided")]), { signal: "SIGFPE" });
    const told = crashSchema.parse(JSON.parse(lastLine(crashes)));
    assert.deepEqual([told.function, told.rows, told.signal], ["divided", 2, 8]);
    assert.deepEqual(await placesOfFrames(told.frames), markedLines("divided"));
  });

  for (const [name, signal] of crashing) {
    test(`a guarded function that dies of ${signal} (${name}) is a row error with the row, the line and the signal`, async () => {
      const { manifest, artifactPath } = given().built;
      const index = manifest.functions.findIndex((described) => described.name === name);
      // 7 is at row 1500 of a batch of 2000
      const program = `
        const { exports: door } = (() => { const module = { exports: {} }; process.dlopen(module, process.argv[1]); return module; })();
        door.watch(process.argv[2]);
        door.guard(${index}, true);
        const values = Float64Array.from({ length: 2000 }, (_, row) => (row === 1500 ? 7 : 1));
        const output = () => ({ validity: new Uint8Array(256), values: new Float64Array(2000) });
        const compute = (rows) => door.columns(${index}, rows, [{ values: values.subarray(0, rows), validity: null }], output());
        try { compute(2000); } catch ({ code, function: name, row, signal, message, frames }) {
          console.log(JSON.stringify({ code, name, row, signal, message, frames, nulls: compute(1500) }));
        }
        door.guard(${index}, false);
        compute(2000);`;
      const crashes = path.join(temporaryFolder("guard"), "crashes");
      const ended = await execa(process.execPath, ["--eval", program, artifactPath, crashes], { reject: false });
      const told = guardedSchema.parse(JSON.parse(ended.stdout));
      assert.deepEqual([told.code, told.name, told.row, told.nulls], ["UDF_ROW_ERROR", name, 1500, 0]);
      assert.equal(told.signal, constants.signals[signal]);
      assert.match(told.message, new RegExp(`^it died of ${signal}: `));
      const { module } = given();
      const bare: Diagnostic = { severity: "error", origin: "crash", message: told.message, related: [] };
      const artifacts = [{ manifest, path: artifactPath }];
      const placed = await placeDiagnostic(bare, {
        trace: { module: "places", frames: told.frames },
        module,
        artifacts,
      });
      assert.deepEqual(placesOf(placed), markedLines(name));
      assert.equal(ended.signal, signal, "a function that is guarded no longer crashes as before");
    });
  }

  test("WebAssembly, whose traps are signals to the process, goes on as before in a watched process", async () => {
    const crashes = path.join(temporaryFolder("watch"), "crashes");
    const index = given().built.manifest.functions.findIndex(({ name }) => name === "null_text");
    // (module (memory 1) (func (export "f") (result i32) (i32.load (i32.const 0x7ffffff0))))
    const program = `
      const module = { exports: {} };
      process.dlopen(module, process.argv[1]);
      module.exports.watch(process.argv[2]);
      const bytes = "0061736d010000000105016000017f030201000503010001070501016600000a0d010b0041f0ffffff072802000b";
      const { f } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(bytes, "hex"))).exports;
      for (let time = 0; time < 3; time++) try { f(); } catch (error) { console.log(error.name, error.message); }
      console.log(require("node:fs").statSync(process.argv[2]).size);
      module.exports.call(${index}, 7);`;
    const { signal, stdout } = await execa(process.execPath, ["--eval", program, given().built.artifactPath, crashes], {
      reject: false,
    });
    const trap = "RuntimeError memory access out of bounds";
    assert.deepEqual(stdout.split("\n"), [trap, trap, trap, "0"]);
    assert.equal(signal, "SIGSEGV");
    assert.equal(crashSchema.parse(JSON.parse(lastLine(crashes))).function, "null_text");
  });

  test("a host that does not call watch() keeps its signal handlers as they were", async () => {
    const { stdout } = await callInPython(given(), { name: "deep" });
    assert.equal(answerSchema.parse(JSON.parse(stdout)).sameSignals, true);
    const watched = await callInPython(given(), {
      name: "deep",
      crashes: path.join(temporaryFolder("watch"), "crashes"),
    });
    assert.equal(answerSchema.parse(JSON.parse(watched.stdout)).sameSignals, false);
  });

  for (const [name, ended, says, what] of [
    ["null_text", "SIGSEGV", "Segmentation fault", "null pointer"],
    ["divided", "SIGFPE", "Floating(?:-| )point exception", "divided by zero"],
    ["unbacked", "SIGBUS", "Bus error", "no page behind it"],
    ["trapped", "SIGILL", "Illegal instruction", "an instruction does not exist"],
    ["aborted", "SIGABRT", "Aborted", "abort\\(\\) was called"],
    ["endless", "SIGSEGV", "Segmentation fault", "stack is used up"],
  ] as const) {
    for (const faulthandler of ["before", "after"] as const) {
      test(`${ended} of ${name}(): Python's faulthandler, enabled ${faulthandler} watch(), tells its traceback too`, async () => {
        const crashes = path.join(temporaryFolder("watch"), "crashes");
        const { stderr, signal } = await callInPython(given(), { name, crashes, faulthandler });
        assert.equal(signal, ended, stderr);
        assert.match(stderr, new RegExp(`Fatal Python error: ${says}[\\s\\S]*host\\.py", line \\d+ in <module>`));
        const told = crashSchema.parse(JSON.parse(lastLine(crashes)));
        const number = constants.signals[ended];
        assert.deepEqual([told.module, told.signal, told.function, told.rows], ["places", number, name, 1]);
        assert.deepEqual(await placesOfFrames(told.frames), markedLines(name));
        // what faulthandler hands on has no address any more
        const isHandedOn = faulthandler === "after" && ended === "SIGSEGV";
        assert.match(told.cause, isHandedOn ? /^memory was used that is not there, or the stack/ : new RegExp(what));
      });
    }
  }

  test("a signal that was sent from outside ends a watched process as it would any other, and nothing is told of functions", async () => {
    const crashes = path.join(temporaryFolder("watch"), "crashes");
    const program = `
      const module = { exports: {} };
      process.dlopen(module, process.argv[1]);
      module.exports.watch(process.argv[2]);
      process.kill(process.pid, "SIGABRT");
      setInterval(() => {}, 1000);`;
    const { signal } = await execa(process.execPath, ["--eval", program, given().built.artifactPath, crashes], {
      reject: false,
    });
    assert.equal(signal, "SIGABRT");
    assert.ok(existsSync(crashes));
    assert.equal(readFileSync(crashes, "utf8"), "");
  });

  test("watch() refuses a file that cannot be written", async () => {
    const crashes = path.join(temporaryFolder("watch"), "missing", "crashes");
    const { stderr, exitCode } = await callInPython(given(), { name: "deep", crashes });
    assert.equal(exitCode, 1);
    assert.match(stderr, /TypeError: watch\(\): .*crashes cannot be written: No such file or directory/);
  });
}
