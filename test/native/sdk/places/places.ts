import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildResult, build } from "../../../../src/build/build.ts";
import type { BuildMode } from "../../../../src/build/build-folder.ts";
import type { Module } from "../../../../src/core/module.ts";
import { loadModule } from "../../../../src/module/load-module.ts";
import { scaffold } from "../../../../src/scaffold/scaffold.ts";
import { generateStubs } from "../../../../src/stubs/generate.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/*
 * The module whose functions fail at lines that comments in its sources mark.
 */

const sources = ["header.h", "places.cpp"];

export type PlacesModule = { module: Module; built: BuildResult };

/** A new module of these functions, built, with a job of the same name for each. */
export async function placesModule(mode: BuildMode): Promise<PlacesModule> {
  const root = path.join(temporaryFolder(`places-${mode}`), "places");
  await scaffold({ folder: root, template: "blank" });
  for (const folder of ["jobs", "test"]) rmSync(path.join(root, folder), { recursive: true, force: true });
  for (const file of sources) cpSync(path.join(import.meta.dirname, file), path.join(root, "src", file));
  const module = loadModule(root);
  const built = await build(module, { mode });
  await generateStubs({ module, manifest: built.manifest });
  writeFileSync(path.join(root, "data", "rows.csv"), `x\n${Array.from({ length: 10 }, (_, x) => `${x}\n`).join("")}`);
  mkdirSync(path.join(root, "jobs"));
  for (const { name } of built.manifest.functions) {
    const job = {
      modules: ["places"],
      input: { path: "data/rows.csv" },
      map: `SELECT ${name}(x) AS y FROM input`,
      output: { path: `out/${name}.parquet` },
    };
    const text = `import { defineJob } from "native-udf";\n\nexport default defineJob(${JSON.stringify(job)});\n`;
    writeFileSync(path.join(root, "jobs", `${name}.job.ts`), text);
  }
  return { module, built };
}

/** The lines that the sources mark for a function, such as `src/places.cpp:41`: where it fails, then the calls. */
export function markedLines(name: string): string[] {
  const marks = sources.flatMap((file) => {
    const lines = readFileSync(path.join(import.meta.dirname, file), "utf8").split("\n");
    return lines.flatMap((text, index) => {
      const order = new RegExp(`// ${name} (\\d)$`).exec(text)?.[1];
      return order ? [{ order: Number(order), place: `src/${file}:${index + 1}` }] : [];
    });
  });
  if (marks.length === 0) throw new Error(`no line is marked for ${name}`);
  return marks.sort((left, right) => left.order - right.order).map(({ place }) => place);
}
