import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { isInstalled } from "../../../scripts/npm-packages.mjs";
import { projectRoot } from "../../support/command-line.ts";

const locked = {
  "": { version: "0.1.0" },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/b-darwin": { version: "1.0.0", integrity: "sha512-b", optional: true },
};
const installed = { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } };

test("nothing is to be installed where all that is locked is there, but for packages of other platforms", () => {
  assert.equal(isInstalled({ locked, installed }), true);
});

test("a package that is missing, of another version or of other bytes is to be installed", () => {
  assert.equal(isInstalled({ locked, installed: {} }), false);
  const other = (change: object) => ({ "node_modules/a": { ...installed["node_modules/a"], ...change } });
  assert.equal(isInstalled({ locked, installed: other({ version: "1.0.1" }) }), false);
  assert.equal(isInstalled({ locked, installed: other({ integrity: "sha512-c" }) }), false);
});

test("what npm itself has just installed here is recognised as such", () => {
  const packages = (file: string) => JSON.parse(readFileSync(path.join(projectRoot, file), "utf8")).packages;
  const both = { locked: packages("package-lock.json"), installed: packages("node_modules/.package-lock.json") };
  assert.equal(isInstalled(both), true);
});
