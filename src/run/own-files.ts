import path from "node:path";
import { type Module, moduleFileName } from "../core/module.ts";
import type { JobFile } from "./job-files.ts";

/** Files of the author's that a run reads besides its input, and so never replaces. */
export function ownFiles(module: Module, job: JobFile): { path: string; shown: string }[] {
  const files = [...module.configs, job.path, path.join(module.root, moduleFileName)];
  return files.map((file) => ({ path: file, shown: path.relative(module.root, file) }));
}
