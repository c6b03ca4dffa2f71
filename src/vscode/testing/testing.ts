import { readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { registrationPlace } from "../../build/registration-place.ts";
import { messageOf, UdfError } from "../../core/error.ts";
import { moduleFileName } from "../../core/module.ts";
import { isCaseFile } from "../../testing/cases/case-file.ts";
import { findCases } from "../../testing/cases/find-cases.ts";
import { findChecks } from "../../testing/checks/find-checks.ts";
import { findTests } from "../../testing/find-tests.ts";
import { listTestFiles, testFileEnding } from "../../testing/list-test-files.ts";
import type { TestEvent } from "../../testing/test-events.ts";
import { setBuildDiagnostics } from "../diagnostics/build-diagnostics.ts";
import type { ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";
import { configuredNode } from "../settings.ts";

/** The modules' tests in the Testing view. Items: module › file › suites and tests; ids are made of the same parts. */
export function registerTesting(services: Services): vscode.Disposable {
  const controller = vscode.tests.createTestController("native-udf", "Native UDF");
  const discover = () => {
    const items = services.modules.all.map((entry) => moduleItem(controller, entry));
    controller.items.replace(items.filter((item) => item.children.size > 0));
  };
  controller.refreshHandler = discover;
  controller.createRunProfile(
    vscode.l10n.t("Run"),
    vscode.TestRunProfileKind.Run,
    (request, token) => run(services, { controller, request, token }),
    true,
  );
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.{test.ts,cases.json,cases.csv,cpp,cc,cxx}");
  return vscode.Disposable.from(
    controller,
    watcher,
    watcher.onDidCreate(discover),
    watcher.onDidChange(discover),
    watcher.onDidDelete(discover),
    services.modules.onDidChange(discover),
  );
}

/** VS Code refuses ids with a NUL. */
const separator = "\u001f";

function moduleItem(controller: vscode.TestController, { module, uri }: ModuleEntry): vscode.TestItem {
  const item = controller.createTestItem(module.root, module.name, uri);
  const sources = [registrationPlace(module).file].filter((file) => file !== moduleFileName);
  for (const file of [...listTestFiles(module), ...sources])
    item.children.add(fileItem(controller, { root: module.root, file }));
  return item;
}

function fileItem(controller: vscode.TestController, { root, file }: { root: string; file: string }): vscode.TestItem {
  const uri = vscode.Uri.file(path.join(root, file));
  const item = controller.createTestItem([root, file].join(separator), path.basename(file), uri);
  const items = new Map<string, vscode.TestItem>([["", item]]);
  const find = isCaseFile(file) ? findCases : file.endsWith(testFileEnding) ? findTests : findChecks;
  for (const { path: names, line, lastLine } of find(readFileSync(uri.fsPath, "utf8"), file)) {
    const key = names.join(separator);
    const test = controller.createTestItem([root, file, ...names].join(separator), names.at(-1) ?? "", uri);
    test.range = new vscode.Range(line - 1, 0, lastLine - 1, Number.MAX_SAFE_INTEGER);
    items.get(names.slice(0, -1).join(separator))?.children.add(test);
    items.set(key, test);
  }
  return item;
}

type Request = {
  controller: vscode.TestController;
  request: vscode.TestRunRequest;
  token: vscode.CancellationToken;
};

async function run(services: Services, { controller, request, token }: Request): Promise<void> {
  const testRun = controller.createTestRun(request);
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
  const chosen = request.include ?? [...controller.items].map(([, item]) => item);
  try {
    if (!vscode.workspace.isTrusted) throw new UdfError("USAGE", { what: vscode.l10n.t("the folder is not trusted") });
    for (const entry of services.modules.all) {
      const items = chosen.filter(({ id }) => id.split(separator)[0] === entry.module.root);
      if (items.length > 0) await runModule({ entry, items, testRun, controller, signal: abort.signal });
    }
  } catch (error) {
    if (!token.isCancellationRequested) {
      testRun.appendOutput(`${messageOf(error).replaceAll(/\r?\n/g, "\r\n")}\r\n`);
      for (const item of chosen) testRun.errored(item, new vscode.TestMessage(messageOf(error)));
    }
  } finally {
    subscription.dispose();
    testRun.end();
  }
}

type ModuleRun = {
  entry: ModuleEntry;
  items: readonly vscode.TestItem[];
  testRun: vscode.TestRun;
  controller: vscode.TestController;
  signal: AbortSignal;
};

async function runModule({ entry, items, testRun, controller, signal }: ModuleRun): Promise<void> {
  const { module } = entry;
  const files = items.map((item) => item.id.split(separator)[1]);
  const some = files.filter((file) => file !== undefined);
  const names = items.map((item) => item.id.split(separator).slice(2));
  for (const item of items) testRun.started(item);
  try {
    const { testModule } = await import("../../app.ts");
    await testModule(module, {
      files: some.length < files.length ? undefined : [...new Set(some)],
      namePattern: names.every((name) => name.length > 0) ? names.map(patternOf).join("|") : undefined,
      nodePath: await configuredNode(),
      signal,
      onEvent: (event) => tell({ event, root: module.root, testRun, controller }),
      onOutput: (line) => testRun.appendOutput(`${line}\r\n`),
      onSkipped: (what) => testRun.appendOutput(`${what}\r\n`),
    });
  } catch (error) {
    if (error instanceof UdfError) setBuildDiagnostics(module, error.diagnostics);
    throw error;
  }
}

/** node:test matches the names from the outermost suite on with blanks between, and before version 22 the last name. */
function patternOf(names: readonly string[]): string {
  const [whole, last] = [names.join(" "), names.at(-1) ?? ""].map((name) =>
    name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&"),
  );
  return `^(?:${whole}|${last})`;
}

type Told = { event: TestEvent; root: string; testRun: vscode.TestRun; controller: vscode.TestController };

function tell({ event, root, testRun, controller }: Told): void {
  const { file, path: names, outcome, seconds, line, suite } = event;
  const ids = [root, file, ...(names[0] === file ? [] : names)];
  const item = itemOf(controller, ids);
  if (!item || (suite && outcome === "failed")) return; // its tests say why
  const milliseconds = seconds * 1000;
  if (outcome === "passed") testRun.passed(item, milliseconds);
  else if (outcome === "skipped") testRun.skipped(item);
  else {
    const found = messageFor(event, root);
    if (line !== undefined) {
      const uri = vscode.Uri.file(path.join(root, file));
      found.location = new vscode.Location(uri, new vscode.Position(line - 1, 0));
    }
    testRun.failed(item, found, milliseconds);
  }
}

/** With both sides to compare, and the author's line in C++, where there are such. */
function messageFor({ message = "", details, expected, actual, cause }: TestEvent, root: string): vscode.TestMessage {
  const text = details ?? message;
  const found =
    expected === undefined || actual === undefined
      ? new vscode.TestMessage(text)
      : vscode.TestMessage.diff(text, expected, actual);
  if (cause) {
    const uri = vscode.Uri.file(path.resolve(root, cause.file));
    const place = new vscode.Position(cause.line - 1, 0);
    found.stackTrace = [new vscode.TestMessageStackFrame(vscode.l10n.t("in the module"), uri, place)];
  }
  return found;
}

function itemOf(controller: vscode.TestController, ids: readonly string[]): vscode.TestItem | undefined {
  let item = controller.items.get(ids[0] ?? "");
  for (let length = 2; length <= ids.length; length++) item = item?.children.get(ids.slice(0, length).join(separator));
  return item;
}
