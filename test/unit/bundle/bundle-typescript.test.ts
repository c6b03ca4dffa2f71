import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { BundleError } from "../../../src/bundle/bundle-error.ts";
import { bundleTypescript } from "../../../src/bundle/bundle-typescript.ts";
import type { Module } from "../../../src/core/module.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/* What Node makes of a bundle is compared with what the language says. */

function folderWith(files: Record<string, string>): string {
  const root = temporaryFolder("bundle");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

function moduleAt(root: string): Module {
  const [jobs, stubs, tests, artifacts, state] = ["jobs", "stubs", "test", "artifacts", ".native-udf"].map((folder) =>
    path.join(root, folder),
  );
  return {
    name: "m",
    root,
    configs: [],
    jobs: `${jobs}`,
    stubs: `${stubs}`,
    tests: [`${tests}`],
    targets: {},
    artifacts: `${artifacts}`,
    state: `${state}`,
  };
}

function bundled(root: string, { main = "main.ts", keepUrls = false } = {}): string {
  return bundleTypescript({
    module: moduleAt(root),
    entry: 'import * as main from "native-udf:main";\nexport default main.default;\n',
    files: new Map([["native-udf:main", path.join(root, main)]]),
    keepUrls,
  });
}

/** Writes the bundle elsewhere and prints its default export. */
function exportOf(text: string): unknown {
  const file = path.join(temporaryFolder("bundled"), "bundle.mjs");
  writeFileSync(file, text);
  const code = `import(${JSON.stringify(pathToFileURL(file).href)}).then((m) => console.log(JSON.stringify(m.default)))`;
  return JSON.parse(execFileSync(process.execPath, ["-e", code], { encoding: "utf8" }));
}

describe("a bundle", () => {
  test("holds what TypeScript means: types go, enums and parameter properties stay", () => {
    const root = folderWith({
      "main.ts": [
        'import { type Shape, area } from "./shapes.ts";',
        'import type { Nothing } from "./not-there.ts";',
        "enum Unit { Metre = 2, Foot }",
        "class Scale { constructor(public by: number) {} }",
        "const shape = { side: new Scale(3).by } satisfies Shape;",
        "const none: Nothing | undefined = undefined;",
        "export default [area(shape), Unit.Foot, Unit[2], none ?? null, <number>5, (6 as number)!];",
      ].join("\n"),
      "shapes.ts":
        "export interface Shape { side: number }\nexport const area = ({ side }: Shape): number => side * side;\n",
    });
    assert.deepEqual(exportOf(bundled(root)), [9, 3, "Metre", null, 5, 6]);
  });

  test("keeps private fields apart from exports of the same name", () => {
    const root = folderWith({
      "main.ts": [
        'import * as counter from "./counter.ts";',
        "const made = new counter.Counter();",
        "made.set(5);",
        "made.add(2);",
        "counter.count();",
        "export default [made.value, counter.n];",
      ].join("\n"),
      "counter.ts": [
        "export let n = 0;",
        "export function count() { n += 1; n++; }",
        "export class Counter {",
        "  #n = 0;",
        "  set(to: number) { this.#n = to; }",
        "  add(by: number) { this",
        "    .#n += by; this.#n++; --this.#n; }",
        "  get value() { return this.#n; }",
        "}",
      ].join("\n"),
    });
    assert.deepEqual(exportOf(bundled(root)), [7, 2]);
  });

  test("evaluates each file once, after what it imports, and waits where a file waits", () => {
    const root = folderWith({
      "main.ts":
        'import { order } from "./order.ts";\nimport "./slow.ts";\nimport "./quick.ts";\norder.push("main");\nexport default order;\n',
      "order.ts": "export const order: string[] = [];\n",
      "slow.ts":
        'import { order } from "./order.ts";\nawait new Promise((resolve) => setImmediate(resolve));\norder.push("slow");\n',
      "quick.ts": 'import { order } from "./order.ts";\nimport "./slow.ts";\norder.push("quick");\n',
    });
    assert.deepEqual(exportOf(bundled(root)), ["slow", "quick", "main"]);
  });

  test("knows defaults, namespaces, re-exports, JSON, Node's own modules, and files that import each other", () => {
    const root = folderWith({
      "main.ts": [
        'import value, * as all from "./all.ts";',
        'import data from "./data.json";',
        'import path, { basename } from "node:path";',
        'import { even } from "./even.ts";',
        'const late = await import("./late.ts");',
        "export default [value, all.one, all.two, all.three, data.x, path.posix.sep, basename('/a/b'), even(4), late.late];",
      ].join("\n"),
      "all.ts":
        'export default 0;\nexport { one } from "./numbers.ts";\nexport * from "./more.ts";\nexport const two = 2;\n',
      "numbers.ts": "export const one = 1;\n",
      "more.ts": "export const three = 3;\n",
      "data.json": '{ "x": 7 }\n',
      "even.ts":
        'import { odd } from "./odd.ts";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\n',
      "odd.ts":
        'import { even } from "./even.ts";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);\n',
      "late.ts": 'export const late = "late";\n',
    });
    assert.deepEqual(exportOf(bundled(root)), [0, 1, 2, 3, 7, "/", "b", true, "late"]);
  });

  test("needs no node_modules where it runs", () => {
    const root = folderWith({
      "main.ts": 'import plain, { answer } from "plain";\nexport default [answer, plain.answer];\n',
      "node_modules/plain/package.json": '{ "name": "plain", "main": "index.js" }',
      "node_modules/plain/index.js": 'module.exports = { answer: require("./lib/answer") };',
      "node_modules/plain/lib/answer.js": "module.exports = 42;",
    });
    assert.deepEqual(exportOf(bundled(root)), [42, 42]);
  });

  test("takes what a package has for import, whether it has something for require or not", () => {
    const root = folderWith({
      "main.ts": [
        'import both, { kind } from "both";',
        'import only, { deep } from "only";',
        'import { old } from "old";',
        "export default [both, kind, only, deep, old];",
      ].join("\n"),
      "node_modules/both/package.json":
        '{ "name": "both", "exports": { "import": "./index.mjs", "require": "./index.cjs" } }',
      "node_modules/both/index.mjs": 'export default "both"; export const kind = "import";',
      "node_modules/both/index.cjs": 'module.exports = { default: "both", kind: "require" };',
      "node_modules/only/package.json":
        '{ "name": "only", "type": "module", "exports": { "types": "./t.d.ts", "import": { "node": "./in/node.js", "default": "./in/other.js" } }, "imports": { "#deep": "./in/deep.js" } }',
      "node_modules/only/in/node.js":
        'var a="only";import{kind as b}from"both";import{deep}from"#deep";export{a as default,deep};a+=b;',
      "node_modules/only/in/deep.js": "const deep=await Promise.resolve(6);export{deep};",
      "node_modules/old/package.json": '{ "name": "old" }',
      "node_modules/old/index.js": 'exports.old = require("both").kind;',
    });
    assert.deepEqual(exportOf(bundled(root)), ["both", "import", "onlyimport", 6, "require"]);
  });

  test("holds real packages that are ECMAScript modules only", () => {
    const root = folderWith({
      "main.ts": [
        'import prettyMilliseconds from "pretty-ms";',
        'import { execaSync } from "execa";',
        'const { stdout } = execaSync("echo", ["said"]);',
        "export default [prettyMilliseconds(61_000), stdout];",
      ].join("\n"),
    });
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(root, "node_modules"));
    assert.deepEqual(exportOf(bundled(root)), ["1m 1s", "said"]);
  });

  test("is the same, byte for byte, from every folder", () => {
    const files = { "main.ts": 'import "./b.ts";\nexport default import.meta.url.length;\n', "b.ts": "export {};\n" };
    assert.equal(bundled(folderWith(files)), bundled(folderWith(files)));
  });

  test("that stays on this machine keeps the URLs of the files", () => {
    const root = folderWith({ "sub/main.ts": "export default import.meta.url;\n" });
    const url = pathToFileURL(path.join(root, "sub", "main.ts")).href;
    assert.equal(exportOf(bundled(root, { main: "sub/main.ts", keepUrls: true })), url);
  });

  test("names the author's file and line in a stack, whatever stands before it", () => {
    const root = folderWith({
      "main.ts": 'import { fail } from "./fail.ts";\nexport default fail();\n',
      "fail.ts":
        "type A = {\n  b: string;\n};\nexport function fail(a?: A): never {\n  throw new Error(String(a?.b));\n}\n",
    });
    const file = path.join(root, "bundle.mjs");
    writeFileSync(file, bundled(root));
    const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", file], { encoding: "utf8" });
    assert.match(stderr, /fail\.ts:5:9/);
    assert.match(stderr, /main\.ts:2:16/);
  });
});

describe("a file that cannot be bundled is named with its line", () => {
  const cases: readonly [
    title: string,
    files: Record<string, string>,
    message: RegExp,
    place: [string, number, number],
  ][] = [
    [
      "one that is not there",
      { "main.ts": '\nimport "./absent.ts";\n' },
      /^Could not resolve "\.\/absent\.ts"$/,
      ["main.ts", 2, 8],
    ],
    [
      "a package that is not installed",
      { "main.ts": 'import x from "no-such-package";\nexport default x;\n' },
      /^Could not resolve "no-such-package"$/,
      ["main.ts", 1, 15],
    ],
    [
      "one that does not parse",
      { "main.ts": 'import "./b.ts";\n', "b.ts": "const a = 1;\nconst b = ;\n" },
      /^Unexpected token$/,
      ["b.ts", 2, 11],
    ],
    ["one that ends too early", { "main.ts": "export default (\n" }, /^Unexpected token$/, ["main.ts", 2, 1]],
    [
      "a text without its end",
      { "main.ts": '\nexport default "abc\n;' },
      /^Unterminated string constant$/,
      ["main.ts", 2, 16],
    ],
    [
      "a name that is declared twice",
      { "main.ts": "const a = 1;\n\nconst a = 2;\n" },
      /has already been declared/,
      ["main.ts", 3, 7],
    ],
  ];
  for (const [title, files, message, [name, line, column]] of cases) {
    test(title, () => {
      const root = folderWith(files);
      assert.throws(
        () => bundled(root),
        (error) => {
          assert.ok(error instanceof BundleError);
          assert.match(error.message, message);
          assert.deepEqual([error.place?.file, error.place?.line], [path.join(root, name), line]);
          assert.equal(error.place?.column, column);
          return true;
        },
      );
    });
  }
});
