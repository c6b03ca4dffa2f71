import { readdirSync } from "node:fs";
import path from "node:path";
import type { SourceRoot } from "./author-files.ts";

/** What is never the author's, or is a copy. */
const skipped = new Set(["node_modules", "site-packages", "dist-packages", "__pycache__", "venv", "spark-warehouse"]);
const mostFiles = 100_000;

/** The files of a folder that calls can lie in. A folder that does not exist has none: its paths are still recognised. */
export function readSourceRoot(folder: string): SourceRoot {
  const files = new Set<string>();
  const waiting = [""];
  while (waiting.length > 0 && files.size < mostFiles) {
    const below = waiting.shift() ?? "";
    for (const entry of entriesOf(path.join(folder, below))) {
      const file = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && !entry.name.startsWith(".")) waiting.push(file);
      } else if (/\.(?:py|pyx|ipynb|scala|java|kt|cpp|cc|cxx|c|h|hpp)$/.test(entry.name)) files.add(file);
    }
  }
  return { folder: path.resolve(folder).split(path.sep).join("/"), files };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // a folder that may not be read holds nothing to be found
  }
}
