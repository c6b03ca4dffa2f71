import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { registrationPlace } from "../build/registration-place.ts";
import { messageOf, UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { suggestion } from "../core/nearest.ts";
import type { CaseUpdate } from "./cases/case.ts";
import { caseFileEndings, isCaseFile, readCaseFile } from "./cases/case-file.ts";
import { runCases } from "./cases/run-cases.ts";
import { updateCases } from "./cases/update-cases.ts";
import { findChecks } from "./checks/find-checks.ts";
import { runChecks } from "./checks/run-checks.ts";
import { type Artifact, closeDoors, openDoors } from "./hosts/doors.ts";
import { listTestFiles, testFileEnding } from "./list-test-files.ts";
import { runNodeTests } from "./run-node-tests.ts";
import type { TestEvent } from "./test-events.ts";

export type TestOptions = {
  module: Module;
  /** Those to run, from the module's folder; all where none are given. */
  files?: readonly string[] | undefined;
  /** Only tests whose name matches this regular expression, as node --test-name-pattern takes it. */
  namePattern?: string | undefined;
  nodePath?: string | undefined;
  /** How long a function may take for a row. */
  limitSeconds?: number | undefined;
  /** False: functions are not called with generated rows. */
  checks?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onEvent?: (event: TestEvent) => void;
  /** What the tests print. */
  onOutput?: (line: string) => void;
  /** What was not tested, and why. */
  onSkipped?: ((what: string) => void) | undefined;
  /** Told of cases that expect something else than they get; those that it gives back are written. */
  onUpdates?: ((updates: readonly CaseUpdate[]) => Promise<boolean>) | undefined;
};

export type TestSummary = {
  passed: number;
  failed: number;
  skipped: number;
  events: readonly TestEvent[];
  /** Files of cases that were written, from the module's folder, and how many cases in them. */
  updated: readonly string[];
  updatedCases: number;
};

const usualLimitSeconds = 30;

/**
 * Runs the module's tests: files for node:test, and cases through the artifact's doors. Artifact and stubs must be up to
 * date. Throws what `refuseBadRequest` throws, and TEST_INVALID with the line.
 */
export async function runTests(options: TestOptions & { artifact: Artifact }): Promise<TestSummary> {
  const { module, namePattern, signal, onOutput, checks = true } = options;
  refuseBadRequest(options);
  const files = options.files ?? [...listTestFiles(module), ...(checks ? [registrationPlace(module).file] : [])];
  const events: TestEvent[] = [];
  const onEvent = (event: TestEvent) => {
    events.push(event);
    options.onEvent?.(event);
  };
  const cases = files.filter(isCaseFile);
  const programs = files.filter((file) => file.endsWith(testFileEnding));
  const sources = files.filter((file) => !cases.includes(file) && !programs.includes(file));
  const isInDoors = cases.length > 0 || sources.length > 0;
  const written = isInDoors ? await runInDoors({ ...options, cases, sources, onEvent }) : nothingWritten;
  if (programs.length > 0) {
    const { nodePath } = options;
    await runNodeTests({ module, files: programs, namePattern, nodePath, signal, onEvent, onOutput });
  }
  const tests = events.filter(({ suite }) => !suite);
  const count = (outcome: TestEvent["outcome"]) => tests.filter((event) => event.outcome === outcome).length;
  if (count("passed") + count("failed") === 0) {
    throw new UdfError("TESTS_MISSING", {
      what: "no test ran",
      where: files.join(", "),
      next: namePattern === undefined ? "The files hold none." : `None has a name that matches ${namePattern}.`,
    });
  }
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped"), events, ...written };
}

type DoorOptions = TestOptions & {
  artifact: Artifact;
  /** Files of cases, and sources whose functions are checked. */
  cases: readonly string[];
  sources: readonly string[];
  onEvent: (event: TestEvent) => void;
};

type Written = Pick<TestSummary, "updated" | "updatedCases">;
const nothingWritten: Written = { updated: [], updatedCases: 0 };

async function runInDoors(options: DoorOptions): Promise<Written> {
  const { module, artifact, cases, sources, namePattern = "", limitSeconds = usualLimitSeconds, onEvent } = options;
  const { nodePath, onOutput, signal, onSkipped, onUpdates } = options;
  const files = cases.map((file) => readCaseFile(module.root, file));
  const pattern = new RegExp(namePattern);
  const doors = await openDoors({ module, artifact, nodePath, limitSeconds, onOutput, signal });
  try {
    if (doors.why !== undefined) onSkipped?.(`the Python door was not tested: ${doors.why}`);
    const matches = (name: string) => pattern.test(name);
    const shared = { module, artifact, doors, matches, onEvent };
    const updates = await runCases({ ...shared, files });
    for (const file of sources) {
      const found = findChecks(readFileSync(path.join(module.root, file), "utf8"));
      const usual = registrationPlace(module).line;
      const lineOf = (name: string) => found.find(({ path: [first] }) => first === name)?.line ?? usual;
      await runChecks({ ...shared, file, lineOf });
    }
    const isWanted = updates.length > 0 && (await onUpdates?.(updates));
    if (!isWanted) return nothingWritten;
    return { updated: updateCases(module.root, files, updates), updatedCases: updates.length };
  } finally {
    await closeDoors(doors);
  }
}

/** What can be said without a build. Throws TESTS_MISSING; USAGE for a pattern that is none. */
export function refuseBadRequest(options: TestOptions): void {
  const { module, files = listTestFiles(module), namePattern = "", checks = true } = options;
  if (files.length === 0 && !checks) {
    throw new UdfError("TESTS_MISSING", {
      what: "the module has no tests",
      where: module.tests.map((folder) => path.relative(module.root, folder)).join(", "),
      next: `Write one: a file that ends in ${testFileEnding}, with node:test and the module's stub, or in ${caseFileEndings.join(" or ")}.`,
    });
  }
  const missing = files.find((file) => !statSync(path.resolve(module.root, file), { throwIfNoEntry: false })?.isFile());
  if (missing !== undefined) {
    const known = listTestFiles(module);
    throw new UdfError("TESTS_MISSING", {
      what: "there is no such test file",
      where: missing,
      next: known.length > 0 ? suggestion(missing, known) : "The module has no tests yet.",
    });
  }
  try {
    new RegExp(namePattern);
  } catch (cause) {
    throw new UdfError("USAGE", {
      what: `the pattern for names is no regular expression (${messageOf(cause)})`,
      where: namePattern,
      next: "Put a backslash before a character that is meant as it is.",
      cause,
    });
  }
}
