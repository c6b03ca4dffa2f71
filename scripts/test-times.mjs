import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inProject } from "./project.mjs";

/** How long each test file took when it last ran here, in seconds: what takes long is best started first. */
const file = inProject("node_modules", ".cache", "native-udf", "test-seconds.json");

/** @returns {Record<string, number>} empty where the tests have not run here, or the file is broken */
export function readTimes() {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  } catch {
    return {};
  }
}

/** @param {readonly import("./test-file.mjs").Outcome[]} outcomes */
export function keepTimes(outcomes) {
  const times = { ...readTimes(), ...Object.fromEntries(outcomes.map(({ name, seconds }) => [name, seconds])) };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(times));
  renameSync(`${file}.${process.pid}`, file);
}
