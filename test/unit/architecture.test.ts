import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { projectRoot } from "../support/command-line.ts";

/**
 * Who may import whom. A part is a file in src/, a folder of src/, a runner (a folder of src/run/), or a folder in these
 * that is named here. The list names the parts besides its own that it may import; docs/architecture.md says why.
 */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  module: ["core"],
  toolchain: ["core"],
  scaffold: ["core", "module", "toolchain"],
  build: ["core", "module", "toolchain"],
  stubs: ["core", "module", "toolchain"],
  // a text that is put into stubs, so it stands alone
  "stubs/runtime": [],
  bundle: ["core"],
  testing: [
    "author",
    "build",
    "bundle",
    "core",
    "module",
    "toolchain",
    "run",
    "run/diagnose",
    "run/local",
    "stubs/runtime",
  ],
  run: ["bundle", "core", "module", "toolchain", "stubs", "run/diagnose", "run/local", "run/spark", "run/spark-sql"],
  "run/diagnose": ["core", "toolchain", "run"],
  "run/local": ["core", "module", "toolchain", "stubs", "run", "run/spark-sql"],
  "run/spark": ["core", "toolchain", "run", "explain"],
  // not a runner: what the planner says to one of them
  "run/spark-sql": ["core"],
  explain: ["core"],
  debug: ["build", "core", "module", "run", "run/local", "stubs", "toolchain"],
  author: ["core", "run/local"],
  "version.ts": [],
  "app.ts": ["core", "module", "toolchain", "scaffold", "build", "stubs", "run", "testing", "version.ts"],
  cli: [
    "app.ts",
    "core",
    "debug",
    "explain",
    "module",
    "toolchain",
    "scaffold",
    "build",
    "run",
    "run/diagnose",
    "stubs",
    "report",
    "testing",
    "version.ts",
  ],
  "cli.ts": ["cli", "core", "version.ts"],
  panel: ["core", "run"],
  report: ["core", "module", "toolchain", "run", "version.ts"],
  vscode: [
    "app.ts",
    "author",
    "core",
    "explain",
    "module",
    "panel",
    "toolchain",
    "scaffold",
    "build",
    "run",
    "run/diagnose",
    "stubs",
    "report",
    "testing",
    "version.ts",
  ],
  "extension.ts": ["vscode"],
};

/** Packages that only some parts may import, with the remedy. */
const guardedPackages: { name: RegExp; parts: readonly string[]; remedy: string }[] = [
  { name: /^vscode$/, parts: ["vscode", "extension.ts"], remedy: "hand in what you need of VS Code as an argument" },
  {
    name: /^@duckdb\//,
    parts: ["run/local", "stubs/runtime"],
    remedy: "let a worker process do it: DuckDB must not run in the editor",
  },
  {
    name: /^(?:ora|cli-table3|commander|picocolors)$/,
    parts: ["cli", "cli.ts"],
    remedy: "return data, let cli/ show it",
  },
];

/** core/ is types and pure functions, so that the extension, workers and tests can all use it. */
const packagesOfCore = /^(?:zod|fastest-levenshtein)$/;

const longest = 400;

type Source = { file: string; part: string; text: string };

const sources: Source[] = filesBelow("src").map((file) => ({
  file,
  part: partOf(file),
  text: readFileSync(path.join(projectRoot, file), "utf8"),
}));

describe("imports", () => {
  test("every part of src/ has its line in the table of who may import whom", () => {
    for (const { file, part } of sources) {
      assert.ok(mayImport[part], `${file} is of no known part: add "${part}" to mayImport and to docs/architecture.md`);
    }
  });

  test("a part imports only the parts that it may", () => {
    for (const { file, part, text } of sources) {
      for (const target of importsOf(text).filter((name) => name.startsWith("."))) {
        const imported = partOf(path.join(path.dirname(file), target));
        const allowed = imported === part || mayImport[part]?.includes(imported);
        assert.ok(allowed, `${file} imports ${target}: move the shared part to core/, or hand it in as an argument`);
      }
    }
  });

  test("runners do not import each other", () => {
    for (const [part, targets] of Object.entries(mayImport).filter(([name]) => name.startsWith("run/"))) {
      const others = targets.filter((target) => target.startsWith("run/") && target !== "run/spark-sql");
      assert.deepEqual(others, [], `the table lets ${part} import ${others}: move the shared part to run/`);
    }
  });

  test("a package that belongs to some parts is imported only there", () => {
    for (const { file, part, text } of sources) {
      for (const name of importsOf(text)) {
        const guard = guardedPackages.find((guarded) => guarded.name.test(name));
        assert.ok(!guard || guard.parts.includes(part), `${file} imports ${name}: ${guard?.remedy}`);
      }
    }
  });

  test("core imports no file system, process or other I/O", () => {
    for (const { file, text } of sources.filter(({ part }) => part === "core")) {
      for (const name of importsOf(text).filter((target) => !target.startsWith("."))) {
        assert.match(
          name,
          packagesOfCore,
          `${file} imports ${name}: do it where it is needed, and pass core/ the data`,
        );
      }
    }
  });

  test("the import reader sees static, type, side-effect, dynamic and re-exporting forms", () => {
    const text = [
      'import { a } from "./a.ts";',
      'import type { B,\n  C } from "./b.ts";',
      'import "./c.ts";',
      'const d = await import("./d.ts");',
      'export { e } from "./e.ts";',
      'export * from "./f.ts";',
      '// import { no } from "./no.ts";',
      'const text = `import("./no.ts")`;'.replaceAll('"', "'"),
    ].join("\n");
    assert.deepEqual(importsOf(text), ["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
  });
});

describe("files", () => {
  test(`no file has more than ${longest} lines`, () => {
    for (const file of ["src", "scripts", "test", "bench"].flatMap(filesBelow)) {
      const lines = readFileSync(path.join(projectRoot, file), "utf8").split("\n").length - 1;
      assert.ok(lines <= longest, `${file} has ${lines} lines: give its second idea a file of its own`);
    }
  });

  test("no type is any, and nothing silences the compiler or the linter", () => {
    const silenced = /:\s*any\b|\bas any\b|<any[,>]|\bany\[\]|@ts-(?:ignore|expect-error|nocheck)|biome-ignore/;
    for (const { file, text } of sources) {
      const line = text.split("\n").findIndex((candidate) => silenced.test(candidate)) + 1;
      assert.equal(line, 0, `${file}:${line}: take unknown and parse it (zod), or correct what is reported`);
    }
  });
});

/** The TypeScript and JavaScript files of a folder, relative to the project. */
function filesBelow(folder: string): string[] {
  if (!existsSync(path.join(projectRoot, folder))) return [];
  return readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file))
    .filter((file) => /\.(?:ts|mts|mjs)$/.test(file) && !file.startsWith(path.join("test", "fixtures")));
}

function partOf(file: string): string {
  const [, first = "", second = "", third] = path.normalize(file).split(path.sep);
  const inner = third === undefined ? first : `${first}/${second}`;
  return first === "run" || mayImport[inner] ? inner : first;
}

function importsOf(text: string): string[] {
  const statement = /^\s*(?:import|export)\b[^"';`]*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  const code = text.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  return [...code.matchAll(statement)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}
