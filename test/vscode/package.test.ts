import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { projectRoot } from "../support/command-line.ts";
import { builtVsix } from "./shared.ts";
import { vsixFiles, vsixText } from "./vsix-files.ts";

const platform = `${process.platform}-${process.arch}`;

/** What must be beside the bundles, since it is a binary or is asked for by its path. */
const packageFiles = {
  "@duckdb/node-bindings": ["LICENSE", "duckdb.js", "package.json"],
  [`@duckdb/node-bindings-${platform}`]: ["LICENSE", "README.md", "duckdb.node", "libduckdb.so", "package.json"],
  "cmake-js": ["LICENSES", "bin/cmake-js", "package.json"],
  "node-addon-api": ["LICENSE.md", "napi-inl.deprecated.h", "napi-inl.h", "napi.h", "package.json"],
  "node-api-headers": [
    "LICENSE",
    "include/js_native_api.h",
    "include/js_native_api_types.h",
    "include/node_api.h",
    "include/node_api_types.h",
    "package.json",
  ],
};

/** vsce gives these names of its own. */
const renamed: Record<string, string> = {
  LICENSE: "LICENSE.txt",
  "README.md": "readme.md",
  "CHANGELOG.md": "changelog.md",
};

test("the VSIX has exactly the files of the allow-list: bundles, texts, media, the template and packages with binaries", async () => {
  const files = vsixFiles(await builtVsix());
  const own = ["package.json", "package.nls.json", "README.md", "CHANGELOG.md", "LICENSE"];
  const expected = [
    ...own.map((file) => renamed[file] ?? file),
    ...(await tracked("l10n", "media", "native-template", "schemas")),
    ...bundles(),
    ...Object.entries(packageFiles).flatMap(([name, list]) => list.map((file) => `node_modules/${name}/${file}`)),
  ];
  assert.deepEqual([...files.keys()].sort(), expected.sort());
});

test("native-template/ is whole in the VSIX, byte for byte", async () => {
  const vsix = await builtVsix();
  const template = await tracked("native-template");
  assert.ok(template.includes("native-template/udf/include/udf/udf.h"));
  for (const file of template) {
    assert.equal(vsixText(vsix, file), readFileSync(path.join(projectRoot, file), "utf8"), file);
  }
});

test("the VSIX's manifest names no development, and as dependencies just what is in it", async () => {
  const manifest: unknown = JSON.parse(vsixText(await builtVsix(), "package.json"));
  assert.ok(typeof manifest === "object" && manifest !== null);
  assert.deepEqual(Object.keys(Reflect.get(manifest, "dependencies")).sort(), Object.keys(packageFiles).sort());
  for (const key of ["devDependencies", "scripts", "files", "private"]) assert.ok(!(key in manifest), key);
});

test("without DuckDB's libraries the VSIX takes 1.5 MB or less", async () => {
  const files = [...vsixFiles(await builtVsix())].filter(([file]) => !/\/(?:duckdb\.node|libduckdb\.so)$/.test(file));
  const bytes = files.reduce((total, [, { packed }]) => total + packed, 0);
  assert.ok(bytes <= 1_500_000, `${bytes} bytes`);
});

/** Files that git keeps, since what a build leaves behind must not be shipped. */
async function tracked(...folders: string[]): Promise<string[]> {
  const { stdout } = await execa("git", ["ls-files", "--", ...folders], { cwd: projectRoot });
  return stdout.split("\n").filter((file) => file !== "");
}

function bundles(): string[] {
  return readdirSync(path.join(projectRoot, "dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".inputs.json" && !entry.name.endsWith(".vsix"))
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)));
}

test("at activation VS Code reads less than 20 kB of the extension; the rest is read when it is needed", async () => {
  const vsix = await builtVsix();
  const read = new Set<string>();
  const readAtOnce = (file: string) => {
    if (read.has(file)) return;
    read.add(file);
    // what waits for a command is required within a function: "=> __toESM(require(…))"
    for (const [, name] of vsixText(vsix, file).matchAll(/\w=require\("\.\/(chunk-\w+\.cjs)"\)/g)) {
      readAtOnce(`dist/${name}`);
    }
  };
  readAtOnce("dist/extension.cjs");
  assert.ok(read.size > 1, "the files are not recognised");
  const bytes = [...read].map((file) => vsixText(vsix, file).length).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes < 20_000, `${bytes} bytes in ${[...read].join(", ")}`);
});
