import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { currentArtifact } from "../build/current-artifact.ts";
import { messageOf, UdfError } from "../core/error.ts";
import { explained } from "../core/file-error.ts";
import type { Manifest } from "../core/manifest.ts";
import { type Module, moduleFileName } from "../core/module.ts";
import { loadModule } from "../module/load-module.ts";
import { type JobFile, listJobs, listScripts } from "../run/job-files.ts";

/** A module of the workspace. `error`: its `native-udf.json` cannot be used, and the rest is empty. */
export type ModuleEntry = {
  uri: vscode.Uri;
  module: Module;
  /** Of the last successful build; undefined before the first. */
  manifest: Manifest | undefined;
  artifactPath: string | undefined;
  jobs: readonly JobFile[];
  /** PySpark scripts in the folder of the jobs. */
  scripts: readonly JobFile[];
};

export type BrokenModule = { uri: vscode.Uri; error: UdfError };

const searchLimit = 100;
const excluded = "**/{node_modules,.native-udf,.git,build}/**";

/** The modules in the folders of the workspace, kept up to date with the files. */
export class Modules implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #watchers: vscode.Disposable[] = [];
  #first: Promise<void> | undefined;
  #all: readonly ModuleEntry[] = [];
  #broken: readonly BrokenModule[] = [];
  #refresh: NodeJS.Timeout | undefined;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  get all(): readonly ModuleEntry[] {
    return this.#all;
  }

  get broken(): readonly BrokenModule[] {
    return this.#broken;
  }

  /** The module that a file lies in: the innermost, where one lies in another. */
  of(uri: vscode.Uri | undefined): ModuleEntry | undefined {
    if (uri?.scheme !== "file") return undefined;
    const inside = this.#all.filter(({ module }) => !path.relative(module.root, uri.fsPath).startsWith(".."));
    return inside.sort((a, b) => b.module.root.length - a.module.root.length)[0];
  }

  /**
   * Resolves when they have been looked for once: a command may be called before. A module that is a folder of the
   * workspace itself is there at once: VS Code's search starts a program, which takes a while on a busy machine.
   */
  async untilSearched(): Promise<void> {
    this.#first ??= this.#searchFirst();
    await this.#first;
  }

  async #searchFirst(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
    const files = folders.map(({ uri }) => vscode.Uri.joinPath(uri, moduleFileName));
    const there = files.filter(({ fsPath }) => existsSync(fsPath));
    if (there.length > 0) this.#read(there);
    const searched = this.search();
    if (this.#all.length === 0) await searched;
    else searched.catch((error: unknown) => this.#log.error(messageOf(error)));
  }

  /** Looks for modules now, and again whenever the files that matter change. */
  async search(): Promise<void> {
    if (this.#watchers.length === 0) this.#watch();
    this.#read(await vscode.workspace.findFiles(`**/${moduleFileName}`, excluded, searchLimit));
  }

  #read(files: readonly vscode.Uri[]): void {
    const entries: ModuleEntry[] = [];
    const broken: BrokenModule[] = [];
    for (const uri of [...files].sort((a, b) => a.fsPath.localeCompare(b.fsPath))) {
      try {
        entries.push(readEntry(uri));
      } catch (thrown) {
        const error = explained(thrown);
        this.#log.warn(messageOf(error));
        if (error instanceof UdfError) broken.push({ uri, error });
        else throw error;
      }
    }
    this.#all = entries;
    this.#broken = broken;
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#refresh);
    for (const watcher of this.#watchers) watcher.dispose();
    this.#changed.dispose();
  }

  #watch(): void {
    const soon = () => {
      clearTimeout(this.#refresh);
      this.#refresh = setTimeout(() => {
        this.search().catch((error: unknown) => this.#log.error(messageOf(error)));
      }, 100);
    };
    // the pointer to the current artifact changes with each build; a folder that is renamed tells of no file in it
    for (const pattern of [
      `**/${moduleFileName}`,
      "**/*.job.ts",
      "**/jobs",
      "**/jobs/*.py",
      "**/.native-udf/current-*.json",
    ]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      this.#watchers.push(watcher, watcher.onDidCreate(soon), watcher.onDidDelete(soon), watcher.onDidChange(soon));
    }
    this.#watchers.push(vscode.workspace.onDidChangeWorkspaceFolders(soon));
  }
}

function readEntry(uri: vscode.Uri): ModuleEntry {
  if (!lstatSync(uri.fsPath).isFile()) {
    throw new UdfError("MODULE_INVALID", { what: "it is not a file", where: uri.fsPath, next: "Replace it by one." });
  }
  const module = loadModule(path.dirname(uri.fsPath));
  const artifact = currentArtifact(module, "release");
  const { manifest, artifactPath } = artifact ?? {};
  return { uri, module, manifest, artifactPath, jobs: listJobs(module), scripts: listScripts(module) };
}
