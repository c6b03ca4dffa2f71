import { cpSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Template } from "./templates.ts";

/** The name that the template's files use for the module. */
const templateModule = "flight_features";

/** What building and running the template in place leaves in it, and what only the scaffolder reads. */
const leftOut = new Set([
  ...["node_modules", "build", "artifacts", "stubs", "out", ".native-udf"],
  ...["blank", "template.json"],
]);

/** Data comes from the packages that template.json names; a copy here is of a developer's own trial. */
const copiedData = new Set(["data", path.join("config", "airports.csv")]);

/** The example's own folders: another template brings its own instead. */
const exampleFolders = new Set(["src", "jobs", "config", "data", "test"]);

/** Copies the template's files to the folder `to`, which is there and empty, as a module with the name. */
export function copyTemplate(template: Template, { to, name }: { to: string; name: string }): void {
  const { base, overlay } = template;
  cpSync(base, to, { recursive: true, filter: (source) => isWanted(path.relative(base, source), template) });
  if (overlay) cpSync(overlay, to, { recursive: true });
  // npm leaves .gitignore files out of packages
  renameSync(path.join(to, "gitignore"), path.join(to, ".gitignore"));
  for (const file of filesBelow(to)) nameModule(path.join(to, file), name);
}

function isWanted(relative: string, { overlay }: Template): boolean {
  const [first = ""] = relative.split(path.sep);
  return !leftOut.has(first) && !copiedData.has(relative) && !(overlay !== undefined && exampleFolders.has(first));
}

/** Puts the module's name in place of the template's, in the file's text and in its own name. */
function nameModule(file: string, name: string): void {
  const text = readFileSync(file, "utf8");
  if (text.includes(templateModule)) writeFileSync(file, text.replaceAll(templateModule, name));
  const base = path.basename(file);
  if (base.includes(templateModule)) {
    renameSync(file, path.join(path.dirname(file), base.replaceAll(templateModule, name)));
  }
}

/** All files of a folder, relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((entry) => statSync(path.join(folder, entry)).isFile())
    .sort();
}
