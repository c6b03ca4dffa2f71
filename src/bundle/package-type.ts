import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

const packageSchema = z.object({ type: z.string().optional() });

/**
 * True where the package that a file lies in says that its `.js` files are ECMAScript modules. Source: Node's
 * documentation, "Modules: Packages", "type".
 */
export function isModulePackage(file: string): boolean {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const type = packageTypeIn(folder);
    if (type !== undefined) return type === "module";
    if (path.basename(folder) === "node_modules" || path.dirname(folder) === folder) return false;
  }
}

/** `commonjs` where its package.json names none; undefined where there is no package.json. */
function packageTypeIn(folder: string): string | undefined {
  try {
    return packageSchema.parse(JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"))).type ?? "commonjs";
  } catch {
    return undefined;
  }
}
