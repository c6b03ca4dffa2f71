import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { scaffold } from "../../src/scaffold/scaffold.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The one source file of such a module. */
export const sourceFile = "src/flight_features.cpp";

type Options = {
  name: string;
  /** Text of the source file; the template's where there is none. */
  source?: string;
  /** The SELECT of the one job, `first`. */
  map?: string;
};

/** A module as an author has it before the first build, in a new folder. Gives the folder. */
export async function authorModule({ name, source, map }: Options): Promise<string> {
  const root = path.join(temporaryFolder(name), "flight_features");
  await scaffold({ folder: root, template: "blank" });
  if (source !== undefined) {
    writeFileSync(path.join(root, sourceFile), source);
    // they test the template's functions
    rmSync(path.join(root, "test"), { recursive: true, force: true });
  }
  if (map !== undefined) {
    mkdirSync(path.join(root, "jobs"), { recursive: true });
    const job = {
      modules: ["flight_features"],
      input: { path: "data/input.csv" },
      map,
      output: { path: "out/first.parquet" },
    };
    const text = `import { defineJob } from "native-udf";\n\nexport default defineJob(${JSON.stringify(job, undefined, 2)});\n`;
    writeFileSync(path.join(root, "jobs", "first.job.ts"), text);
  }
  return root;
}

/** The line, from 1, of a text's first line that holds a part. */
export function lineOf(text: string, part: string): number {
  const index = text.split("\n").findIndex((line) => line.includes(part));
  if (index === -1) throw new Error(`no line holds ${part}`);
  return index + 1;
}
