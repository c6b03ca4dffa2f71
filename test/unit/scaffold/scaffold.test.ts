import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { UdfError } from "../../../src/core/error.ts";
import { loadModule } from "../../../src/module/load-module.ts";
import { scaffold } from "../../../src/scaffold/scaffold.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("scaffold");
const inFolder = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(path.join(...parts), "utf8");
const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

describe("the flights template", async () => {
  const root = inFolder("flights", "my_flights");
  const { module, files, missingData } = await scaffold({ folder: root, template: "flights" });

  test("is a module that is named after its folder", () => {
    assert.equal(module.name, "my_flights");
    assert.deepEqual(loadModule(root), module);
    assert.equal(JSON.parse(read(root, "package.json")).name, "my_flights");
  });

  test("has the template's name nowhere, neither in a text nor in a file's name", () => {
    for (const file of files.filter((name) => !name.startsWith("data"))) {
      assert.doesNotMatch(file, /flight_features/);
      assert.doesNotMatch(read(root, file), /flight_features/, file);
    }
    assert.ok(files.includes(path.join("src", "my_flights.cpp")));
    assert.match(read(root, "CMakeLists.txt"), /udf_add_module\(my_flights\s/);
  });

  test("has its data, byte for byte that of the package", () => {
    assert.deepEqual(missingData, []);
    const data = path.join(projectRoot, "node_modules", "vega-datasets", "data");
    assert.equal(sha256(path.join(root, "config", "airports.csv")), sha256(path.join(data, "airports.csv")));
    assert.equal(sha256(path.join(root, "data", "flights-3m.parquet")), sha256(path.join(data, "flights-3m.parquet")));
  });

  test("has the SDK, and a .gitignore that npm would have dropped", () => {
    assert.ok(files.includes(path.join("udf", "VERSION")));
    assert.ok(files.includes(".gitignore"));
    assert.ok(!files.includes("gitignore"));
  });

  test("has nothing of other templates, nothing built and no file of the scaffolder", () => {
    const unwanted = /^(?:blank|build|artifacts|stubs|out|node_modules|\.native-udf|template\.json)(?:\/|$)/;
    assert.deepEqual(
      files.filter((file) => unwanted.test(file)),
      [],
    );
  });

  test("the list of files is what lies there, and nothing else lies beside it", () => {
    for (const file of files) assert.ok(statSync(path.join(root, file)).isFile());
    assert.deepEqual(readdirSync(path.dirname(root)), ["my_flights"]);
  });
});

describe("the blank template", async () => {
  const root = inFolder("scores");
  const { module, files } = await scaffold({ folder: root, template: "blank", name: "risk_scores" });

  test("is a module with the name that was given", () => {
    assert.equal(module.name, "risk_scores");
    assert.ok(files.includes(path.join("src", "risk_scores.cpp")));
    assert.match(read(root, "src", "risk_scores.cpp"), /UDF_MODULE\(risk_scores,/);
  });

  test("has nothing of the flights example", () => {
    for (const file of files) {
      const text = read(root, file);
      assert.doesNotMatch(text, /flight_features|haversine\.cpp|by-origin/, file);
    }
    assert.ok(!existsSync(path.join(root, "config", "airports.csv")));
  });

  test("has one source, a job and its data of its own", () => {
    const inside = (name: string) => files.filter((file) => path.dirname(file) === name);
    assert.deepEqual(inside("src"), [path.join("src", "risk_scores.cpp")]);
    assert.deepEqual(inside("jobs"), [path.join("jobs", "first.job.ts")]);
    const job = read(root, "jobs", "first.job.ts");
    assert.match(job, /modules: \["risk_scores"\]/);
    assert.ok(files.includes(/input: \{ path: "([^"]+)"/.exec(job)?.[1] ?? ""));
  });
});

describe("a new module is refused", () => {
  const refusals: [string, string, () => { folder: string; template?: string; name?: string }][] = [
    ["in a folder that is not empty", "FOLDER_NOT_EMPTY", () => ({ folder: occupied("occupied") })],
    ["in the place of a file", "FOLDER_NOT_EMPTY", () => ({ folder: path.join(occupied("with-file"), "kept.txt") })],
    ["with an unknown template", "TEMPLATE_UNKNOWN", () => ({ folder: inFolder("x"), template: "flight" })],
    ["with a name that is no identifier", "USAGE", () => ({ folder: inFolder("x"), name: "my-module" })],
    ["below a file", "OUTPUT_NOT_WRITABLE", () => ({ folder: path.join(occupied("below"), "kept.txt", "x") })],
  ];
  for (const [title, code, options] of refusals) {
    test(`${title}, and what was there is untouched`, async () => {
      const { template = "flights", ...rest } = options();
      const before = readdirSync(folder, { recursive: true }).length;
      const error = await failure(scaffold({ template, ...rest }));
      assert.equal(error.code, code);
      assert.equal(error.exitCode, 2);
      assert.doesNotMatch(error.message, /\n/);
      assert.equal(readdirSync(folder, { recursive: true }).length, before);
    });
  }

  test("an unknown template names the one that was meant", async () => {
    const { message } = await failure(scaffold({ folder: inFolder("x"), template: "blnk" }));
    assert.match(message, /Did you mean "blank"\?/);
  });

  test("when it is cancelled, nothing is left, not even a folder above it", async () => {
    const reason = new UdfError("CANCELLED", { what: "cancelled" });
    const options = { folder: inFolder("above", "x"), template: "blank", signal: AbortSignal.abort(reason) };
    assert.equal(await failure(scaffold(options)), reason);
    assert.equal(existsSync(inFolder("above")), false);
  });
});

describe("a folder that is there", () => {
  test("and empty is used and stays the one that it is, so a shell in it sees the module", async () => {
    const root = inFolder("empty");
    mkdirSync(root);
    const { ino } = statSync(root);
    await scaffold({ folder: root, template: "blank" });
    assert.equal(statSync(root).ino, ino);
    assert.ok(existsSync(path.join(root, "native-udf.json")));
  });

  test("behind a link is used, and the link stays", async () => {
    mkdirSync(inFolder("target"));
    symlinkSync(inFolder("target"), inFolder("link"));
    await scaffold({ folder: inFolder("link"), template: "blank" });
    assert.ok(existsSync(inFolder("target", "native-udf.json")));
  });
});

/** A folder with a file in it. */
function occupied(name: string): string {
  const occupiedFolder = inFolder(name);
  mkdirSync(occupiedFolder, { recursive: true });
  writeFileSync(path.join(occupiedFolder, "kept.txt"), "kept");
  return occupiedFolder;
}

async function failure(promise: Promise<unknown>): Promise<UdfError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UdfError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
