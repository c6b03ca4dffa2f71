import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/*
 * All tests of the extension in one process, so that they share one VSIX, one server and one browser. Each file also
 * runs alone.
 */
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .sort();
for (const file of files) await import(pathToFileURL(path.join(import.meta.dirname, file)).href);
