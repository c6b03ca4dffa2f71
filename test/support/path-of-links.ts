import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onPath } from "../../src/toolchain/on-path.ts";

/**
 * A folder that holds only these programs of this machine, as links, and these scripts: used as the whole PATH it
 * shows what a machine does that has nothing else.
 */
export function pathOfLinks(inside: string, programs: readonly string[], scripts: Record<string, string> = {}): string {
  const folder = mkdtempSync(path.join(inside, "bin-"));
  chmodSync(folder, 0o755); // another user may use it
  for (const program of programs) {
    const file = onPath(program);
    if (!file) throw new Error(`this test needs ${program} on PATH`);
    symlinkSync(file, path.join(folder, program));
  }
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return folder;
}
