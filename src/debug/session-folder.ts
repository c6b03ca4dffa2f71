import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DebugBuild } from "./debug-build.ts";

/** What a debug session leaves on the disk while it lasts. Not in the module: a socket's path may have about 100 letters. */
export class SessionFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), "native-udf-debug-"));

  get socket(): string {
    return path.join(this.path, "worker");
  }

  /** Puts the debug info where debuggers look for it, by the build id of the object that was loaded. */
  addSymbols({ manifest: { buildId }, debugFile }: DebugBuild): void {
    const folder = path.join(this.path, ".build-id", buildId.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    symlinkSync(debugFile, path.join(folder, `${buildId.slice(2)}.debug`));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
