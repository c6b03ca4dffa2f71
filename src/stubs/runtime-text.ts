import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The part of a stub that is the same for every module, as text. It lies beside this file, or in dist/. */
export function runtimeText(file: "loader.ts" | "duckdb.ts" | "loader.py"): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const folder = ["runtime", "stubs-runtime"].map((name) => path.join(here, name)).find(existsSync);
  if (!folder) throw new Error(`the folder of the stubs' runtime is missing beside ${here}; install native-udf again`);
  return readFileSync(path.join(folder, file), "utf8");
}
