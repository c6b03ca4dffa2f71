import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { execa } from "execa";
import { nativeUdf, projectRoot } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/* native-udf as it is installed for users: without the packages that only its own development needs. */

let installed = "";
before(() => {
  installed = path.join(temporaryFolder("installed"), "native-udf");
  for (const folder of ["dist", "native-template"]) {
    cpSync(path.join(projectRoot, folder), path.join(installed, folder), { recursive: true });
  }
});

async function scaffold(root: string, environment: Record<string, string>) {
  const cli = path.join(installed, "dist", "cli.js");
  return execa(process.execPath, [cli, "new", root, "--json"], {
    env: { ...environment },
    reject: false,
    cwd: path.dirname(root),
  });
}

describe("new, where the example's data is not installed", () => {
  test("gets it from the npm registry, once for each user", async () => {
    const parent = temporaryFolder("fetched");
    const cache = path.join(parent, "cache");
    const first = await scaffold(path.join(parent, "one"), { XDG_CACHE_HOME: cache });
    assert.equal(first.exitCode, 0, first.stderr);
    assert.deepEqual(JSON.parse(first.stdout).missingData, []);
    const original = path.join(projectRoot, "node_modules", "vega-datasets", "data", "flights-3m.parquet");
    assert.ok(readFileSync(path.join(parent, "one", "data", "flights-3m.parquet")).equals(readFileSync(original)));
    assert.deepEqual(readdirSync(path.join(cache, "native-udf", "packages")), ["vega-datasets-3.2.1"]);

    const offline = { XDG_CACHE_HOME: cache, npm_config_registry: "http://127.0.0.1:9" };
    const second = await scaffold(path.join(parent, "two"), offline);
    assert.deepEqual(JSON.parse(second.stdout).missingData, []);
  });

  test("refuses an empty name, and says how to change into a folder whose name looks like an option", async () => {
    const cwd = temporaryFolder("names");
    const empty = await nativeUdf(["new", ""], { cwd });
    assert.equal(empty.exitCode, 2);
    assert.equal(empty.stderr, 'error: the folder\'s name is empty. Give one; "." is the current folder.');
    assert.deepEqual(readdirSync(cwd), []);
    const dashes = await nativeUdf(["new", "--template", "blank", "--", "--dashes"], { cwd });
    assert.match(dashes.stdout, /^Next: cd \.\/--dashes && native-udf submit first$/m);
  });

  test("makes the module without it where the registry cannot be reached, and says how to get it", async () => {
    const parent = temporaryFolder("offline");
    const environment = { XDG_CACHE_HOME: path.join(parent, "cache"), npm_config_registry: "http://127.0.0.1:9" };
    const { exitCode, stdout } = await scaffold(path.join(parent, "one"), environment);
    assert.equal(exitCode, 0);
    const { missingData } = JSON.parse(stdout);
    assert.equal(missingData.length, 2);
    assert.match(
      missingData[1],
      /^data\/flights-3m\.parquet is missing \(npm pack .*\)\. .* npm install vega-datasets@3\.2\.1 && cp /,
    );
    assert.ok(existsSync(path.join(parent, "one", "native-udf.json")));
    assert.deepEqual(readdirSync(path.join(parent, "cache", "native-udf", "packages")), []);
  });
});
