import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";

const folders: string[] = [];

/** A new empty folder that is removed when the test file has ended. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `native-udf-${name}-`));
  // not after(): in a before hook that would run when the hook ends
  if (folders.length === 0) process.once("exit", removeAll);
  folders.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
