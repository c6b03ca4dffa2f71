import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { UdfError } from "../../../src/core/error.ts";
import { interfaceText } from "../../../src/core/manifest.ts";
import { generateStubs } from "../../../src/stubs/generate.ts";
import { interfaceText as interfaceTextOfStub } from "../../../src/stubs/runtime/loader.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { everyTypeModule, everyTypeManifest as manifest } from "./every-type-manifest.ts";

const kept = path.join(projectRoot, "test", "fixtures", "stubs");
const names = ["every_type.ts", "every_type.duckdb.ts", "every_type.py", "every_type.pyi"];

test("the stubs of every type, null rule and awkward name are those that are kept (KEEP=1 keeps the new ones)", async () => {
  const module = everyTypeModule(temporaryFolder("stubs"));
  const written = await generateStubs({ module, manifest });
  assert.deepEqual(
    written.map(({ path: file }) => path.basename(file)),
    names,
  );
  for (const { path: file } of written) {
    const text = readFileSync(file, "utf8");
    const place = path.join(kept, path.basename(file));
    if (process.env.KEEP === "1") {
      mkdirSync(kept, { recursive: true });
      writeFileSync(place, text);
    }
    assert.equal(text, readFileSync(place, "utf8"), `${place} differs: look at it, then keep it with KEEP=1`);
  }
});

describe("writing", () => {
  test("touches only the files that change", async () => {
    const module = everyTypeModule(temporaryFolder("stubs"));
    await generateStubs({ module, manifest });
    const past = new Date(1_000_000_000_000);
    for (const name of names) utimesSync(path.join(module.stubs, name), past, past);
    writeFileSync(path.join(module.stubs, "every_type.py"), "changed by hand");
    const again = await generateStubs({ module, manifest });
    assert.deepEqual(
      again.map(({ path: file, changed }) => [path.basename(file), changed, statSync(file).mtimeMs === past.getTime()]),
      names.map((name) => [name, name === "every_type.py", name !== "every_type.py"]),
    );
    assert.deepEqual(readdirSync(module.stubs).sort(), [...names].sort());
  });

  test("says where it cannot, and what to do", async () => {
    const module = everyTypeModule(temporaryFolder("stubs"));
    writeFileSync(module.stubs, "a file where the folder should be");
    await assert.rejects(generateStubs({ module, manifest }), (error) => {
      assert.ok(error instanceof UdfError);
      assert.equal(error.code, "OUTPUT_NOT_WRITABLE");
      assert.equal(error.where, path.join(module.stubs, "every_type.ts"));
      assert.match(error.next ?? "", /native-udf\.json/);
      return true;
    });
    assert.equal(readFileSync(module.stubs, "utf8"), "a file where the folder should be");
  });
});

test("generator and stub compute the same interface text", () => {
  const { functions } = manifest;
  assert.equal(interfaceTextOfStub({ functions }), interfaceText(functions));
});
