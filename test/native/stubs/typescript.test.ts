import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { buildEveryType, type EveryType } from "./every-type.ts";

let every: EveryType;
before(async () => {
  every = await buildEveryType();
});

/** Runs a TypeScript program with the stub as `udf`, in a process of its own; gives the JSON that it printed. */
async function program(body: string, stub = path.join(every.module.stubs, "every_type.ts")): Promise<unknown> {
  const file = path.join(temporaryFolder("program"), "program.ts");
  writeFileSync(file, `import * as udf from ${JSON.stringify(pathToFileURL(stub).href)};\n${body}\n`);
  const { exitCode, stdout, stderr } = await runTool({
    command: process.execPath,
    args: ["--import", pathToFileURL(path.join(projectRoot, "node_modules/tsx/dist/loader.mjs")).href, file],
  });
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

const print =
  "console.log(JSON.stringify(result, (_, v) => typeof v === 'bigint' ? v + 'n' : ArrayBuffer.isView(v) ? Array.from(v as Uint8Array) : v));";

describe("a scalar call", () => {
  test("gives each type's value, null for a null argument, and what the function makes of nulls it asked for", async () => {
    const result = await program(`const result = [
      udf.negate(true), udf.add_one(41), udf.twice(2n ** 60n), udf.halve(5), udf.root(2), udf.root(-1), udf.shout("é\\u0000"),
      udf.either(null, null), udf.either(null, 7), udf.either("", 7), udf.split("a=bc", "="), udf.split("abc", "="), udf.split("", "="),
      udf.negate(null), udf.shout(null), udf.split(null, "="),
    ]; ${print}`);
    assert.deepEqual(result, [
      ...[false, 42, `${2n ** 61n}n`, 2.5, Math.sqrt(2), null, "é\u0000!"],
      ...["neither", "7", "", { left: "a", size: "2n", found: true }, { left: "abc", size: null, found: false }, null],
      ...[null, null, null],
    ]);
  });

  test("refuses a wrong type or number of arguments by the argument's name", async () => {
    const result = await program(`const messages: string[] = [];
      const attempt = (call: (f: any) => unknown) => { try { call(udf); messages.push("accepted"); } catch (error) { messages.push((error as Error).message); } };
      attempt((f) => f.add_one("1")); attempt((f) => f.add_one(1.5)); attempt((f) => f.add_one(2 ** 40)); attempt((f) => f.shout(1)); attempt((f) => f.twice("2"));
      const result = messages; ${print}`);
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /add_one\(\).*"value"/);
    for (const message of result) assert.notEqual(message, "accepted");
  });

  test("an exception is an error with the function's name and the exception's text", async () => {
    const result = await program(
      `let result: unknown; try { udf.refuse(13); } catch (error) { result = [(error as Error).message, (error as { code?: string }).code]; } ${print}`,
    );
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /13 brings bad luck/);
    assert.equal(result[1], "UDF_ROW_ERROR");
  });
});

describe("a column call", () => {
  test("gives the same values as calls row by row, on 1,000 rows with nulls", async () => {
    const result = await program(`
      const rows = 1000; const values = Float64Array.from({ length: rows }, (_, i) => i - 100);
      const validity = new Uint8Array(Math.ceil(rows / 8)).fill(0b11101110);
      const column = udf.columns.root({ values, validity });
      const differences: number[] = [];
      for (let i = 0; i < rows; i++) {
        const given = (validity[i >> 3]! >> (i & 7)) & 1 ? values[i]! : null;
        const expected = given === null || given < 0 ? null : Math.sqrt(given);
        const found = column.validity && !((column.validity[i >> 3]! >> (i & 7)) & 1) ? null : column.values[i];
        if (found !== expected) differences.push(i);
      }
      const result = differences; ${print}`);
    assert.deepEqual(result, []);
  });

  test("takes and gives text, integers and structs", async () => {
    const result = await program(`
      const pairs = udf.columns.split(["a=bc", null, "", "x"], ["=", "=", "=", "="]);
      const result = [[...udf.columns.shout(["é", null, ""])], udf.columns.twice(BigInt64Array.of(1n, -2n)).values.map(String as never).length,
        [...udf.columns.twice(BigInt64Array.of(1n, -2n)).values], [...pairs.left], [...pairs.found.values], pairs.validity?.[0], pairs.size.validity?.[0],
        [...udf.columns.negate(Uint8Array.of(0, 1)).values], [...udf.columns.halve(Float32Array.of(5)).values], [...udf.columns.add_one(new Int32Array(0)).values]]; ${print}`);
    assert.ok(Array.isArray(result));
    assert.deepEqual(result[0], ["é!", null, "!"]);
    assert.deepEqual(result[2], ["2n", "-4n"]);
    assert.deepEqual((result[3] as unknown[])[0], "a");
    assert.equal(Number(result[5]) & 0b1111, 0b1001);
    assert.equal(Number(result[6]) & 0b0001, 0b0001);
    assert.deepEqual(result.slice(7), [[1, 0], [2.5], []]);
  });

  test("refuses columns of different lengths and of the wrong kind", async () => {
    const result = await program(`const messages: string[] = [];
      const attempt = (call: (f: any) => unknown) => { try { call(udf.columns); messages.push("accepted"); } catch (error) { messages.push((error as Error).message); } };
      attempt((f) => f.split(["a"], ["=", "="])); attempt((f) => f.root([1, 2])); attempt((f) => f.root({ values: new Float64Array(9), validity: new Uint8Array(1) }));
      const result = messages; ${print}`);
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /split\(\).*2 rows.*1/);
    assert.match(String(result[1]), /root\(\).*Float64Array/);
    assert.match(String(result[2]), /root\(\).*validity/);
  });

  test("an exception names its row", async () => {
    const result = await program(
      `let result: unknown; try { udf.columns.refuse(Float64Array.from({ length: 200 }, (_, i) => (i === 150 ? 13 : i === 13 ? 0 : i))); } catch (error) { result = [(error as Error).message, (error as { row?: number }).row]; } ${print}`,
    );
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /13 brings bad luck/);
    assert.equal(result[1], 150);
  });
});

describe("the artifact of another build is refused with what was expected, what was found and what to do", () => {
  const refusal = async (change: (artifact: string) => void): Promise<string> => {
    const copy = path.join(temporaryFolder("refused"), every.built.manifest.file);
    copyFileSync(every.built.artifactPath, copy);
    change(copy);
    return String(
      await program(
        `let result = "accepted"; try { udf.load({ artifact: ${JSON.stringify(copy)} }); } catch (error) { result = (error as Error).message; } ${print}`,
      ),
    );
  };

  test("one changed byte", async () => {
    const message = await refusal((file) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    });
    assert.match(
      message,
      new RegExp(`digest is [0-9a-f]{12}.*Expected ${every.built.manifest.file}.*native-udf stubs`),
    );
  });

  test("a missing file", async () => {
    const message = String(
      await program(
        `let result = "accepted"; try { udf.load({ artifact: "/nowhere/x.so" }); } catch (error) { result = (error as Error).message; } ${print}`,
      ),
    );
    assert.match(message, /\/nowhere\/x\.so.*cannot be read.*native-udf stubs/);
  });

  test("the same interface hash is computed by the generator and by the stub", async () => {
    assert.equal(
      await program(`udf.load(); const result = udf.artifact.interfaceHash; ${print}`),
      every.built.manifest.interfaceHash,
    );
  });
});

test("two copies of a stub in one process share one loaded artifact", async () => {
  const copy = path.join(every.module.stubs, "second_copy.ts");
  copyFileSync(path.join(every.module.stubs, "every_type.ts"), copy);
  const result = await program(
    `const other = await import(${JSON.stringify(pathToFileURL(copy).href)}); const result = udf.load() === other.load(); ${print}`,
  );
  assert.equal(result, true);
});

test("the stubs pass tsc --strict", async () => {
  const { exitCode, stdout } = await runTool({
    command: process.execPath,
    args: [
      path.join(projectRoot, "node_modules/typescript/bin/tsc"),
      ...["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--erasableSyntaxOnly", "--verbatimModuleSyntax"],
      ...["--module", "nodenext", "--target", "es2023", "--allowImportingTsExtensions", "--skipLibCheck"],
      ...["--typeRoots", path.join(projectRoot, "node_modules/@types"), "--types", "node"],
      path.join(every.module.stubs, "every_type.ts"),
    ],
  });
  assert.equal(exitCode, 0, stdout);
});
