import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { buildEveryType, type EveryType } from "./every-type.ts";
import { attempts, nodeProgram } from "./program.ts";

let every: EveryType;
let stub: string;
before(async () => {
  every = await buildEveryType();
  stub = path.join(every.module.stubs, "every_type.ts");
});

/** A copy of the stub in a folder of its own, with its text changed. */
function changedStub(change: (text: string) => string, name = "every_type.ts"): string {
  const folder = path.join(temporaryFolder("stub"), "stubs");
  mkdirSync(folder);
  const file = path.join(folder, name);
  writeFileSync(file, change(readFileSync(stub, "utf8")));
  return file;
}

describe("an artifact is refused with what was expected, what was found and what to do, where it", () => {
  const refusal = async (artifact: string, from = stub): Promise<string> => {
    const [message] = [
      await nodeProgram(
        from,
        `${attempts}\nconst [result] = attempt(() => udf.load({ artifact: ${JSON.stringify(artifact)} }));`,
      ),
    ].map(String);
    assert.match(message ?? "", new RegExp(`Expected ${every.built.manifest.file}\\. Run "native-udf stubs"`));
    assert.ok(message?.startsWith(`${artifact}: `), message);
    return message ?? "";
  };

  test("has one changed byte", async () => {
    const copy = path.join(temporaryFolder("refused"), every.built.manifest.file);
    const bytes = readFileSync(every.built.artifactPath);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(copy, bytes);
    assert.match(await refusal(copy), /its sha256 begins with [0-9a-f]{12}/);
  });

  test("is missing", async () => {
    assert.match(await refusal("/nowhere/x.so"), /cannot be read.*ENOENT/);
  });

  test("is no shared object", async () => {
    assert.match(await refusal(path.join(every.module.root, "CMakeLists.txt")), /it is no shared object/);
  });

  test("is of another platform", async () => {
    const other = changedStub((text) => text.replace('platform: "linux-', 'platform: "plan9-'));
    assert.match(await refusal(every.built.artifactPath, other), /it was built for plan9-\w+, and this is linux-/);
  });

  test("is of another interface", async () => {
    const hash = every.built.manifest.interfaceHash;
    const other = changedStub((text) => text.replace(hash, hash.replaceAll(/./g, "0")));
    assert.match(await refusal(every.built.artifactPath, other), /the functions of every_type are not those/);
  });

  test("cannot be loaded by this system", async () => {
    const file = path.join(temporaryFolder("refused"), "other.so");
    const bytes = readFileSync(every.built.artifactPath);
    bytes[18] = 0x7f; // the ELF header's field for the processor
    writeFileSync(file, bytes);
    const digest = createHash("sha256").update(bytes).digest("hex");
    const other = changedStub((text) => text.replace(every.built.manifest.sha256, digest));
    assert.match(await refusal(file, other), /it cannot be loaded/);
  });
});

describe("loading", () => {
  test("takes artifact and configs from where load() says, as paths or URLs", async () => {
    const folder = temporaryFolder("elsewhere");
    const artifact = path.join(folder, "any name.so");
    copyFileSync(every.built.artifactPath, artifact);
    writeFileSync(path.join(folder, "w.txt"), "moon");
    const options = { artifact: pathToFileURL(artifact).href, configs: { "words.txt": path.join(folder, "w.txt") } };
    const result = await nodeProgram(
      changedStub((text) => text),
      `udf.load(${JSON.stringify(options)}); const result = [udf.knows("moon"), udf.knows("sea")];`,
    );
    assert.deepEqual(result, [true, false]);
  });

  test("without load() takes both from the module's folder, whatever the current folder is", async () => {
    const result = await nodeProgram(stub, `process.chdir("/"); const result = [udf.knows("moon"), udf.knows("sea")];`);
    assert.deepEqual(result, [false, true]);
  });

  test("a config that is missing fails with its name and path, when it is first used", async () => {
    const result = await nodeProgram(
      stub,
      `${attempts}\nudf.load({ configs: { "words.txt": "/nowhere/words.txt" } });\nconst result = attempt(() => udf.negate(true), () => udf.knows("sea"));`,
    );
    assert.ok(Array.isArray(result));
    assert.equal(result[0], "accepted");
    assert.match(String(result[1]), /\/nowhere\/words\.txt.*No such file/);
  });

  test("two copies of a stub in one process share one artifact and its configs, wherever they lie", async () => {
    const copy = changedStub((text) => text);
    const result = await nodeProgram(
      stub,
      `const other = await import(${JSON.stringify(pathToFileURL(copy).href)});
       const first = udf.knows("sea"); const result = [first, other.knows("sea"), udf.load() === other.load()];`,
    );
    assert.deepEqual(result, [true, true, true]);
  });

  test("works in a bundle of CommonJS, which says that it must be told where the artifact is", async () => {
    const bundle = path.join(temporaryFolder("bundle"), "stub.cjs");
    await build({
      entryPoints: [stub],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "cjs",
      logLevel: "silent",
    });
    const result = await nodeProgram(
      bundle,
      `${attempts}\nconst bundled = (udf as any).default ?? udf;
       const first = attempt(() => bundled.negate(true));
       bundled.load({ artifact: ${JSON.stringify(every.built.artifactPath)} });
       const result = [...first, bundled.negate(true)];`,
    );
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /call load\(\{ artifact/);
    assert.equal(result[1], false);
  });
});

test("the stubs pass tsc --strict as erasable syntax, with DuckDB's types, as modules of Node", async () => {
  const folder = path.join(temporaryFolder("types"), "project");
  mkdirSync(folder);
  cpSync(every.module.stubs, folder, { recursive: true });
  symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const use = `import * as udf from "./every_type.ts";
    const a: number | null = udf.root(2);
    const b: string = udf.either(null, null);
    const c: bigint | null | undefined = udf.pair("a", "b")?.size;
    const d: Float64Array = udf.columns.root(new Float64Array(1)).values;
    const e: Iterable<string | null> = udf.columns.pair(["a"], udf.columns.shout([null])).left;
    // @ts-expect-error the argument is a number
    udf.root("2");
    // @ts-expect-error the result may be null
    const f: number = udf.root(2);
    // @ts-expect-error a column of another type
    udf.columns.root(new Float32Array(1));
    export { a, b, c, d, e, f };`;
  writeFileSync(path.join(folder, "use.ts"), use);
  const flags =
    "--noEmit --ignoreConfig --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --skipLibCheck";
  const { exitCode, stdout } = await runTool({
    command: process.execPath,
    args: [
      path.join(projectRoot, "node_modules/typescript/bin/tsc"),
      ...flags.split(" "),
      ...["--noUnusedLocals", "--noUnusedParameters", "--erasableSyntaxOnly", "--verbatimModuleSyntax"],
      ...["--module", "nodenext", "--target", "es2023", "--allowImportingTsExtensions", "--types", "node"],
      ...["use.ts", "every_type.duckdb.ts"],
    ],
    cwd: folder,
  });
  assert.equal(exitCode, 0, stdout);
});
