import { readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { publishFile, publishFolder } from "../output.ts";
import { partName } from "../part-name.ts";
import type { RunFolder } from "../run-folder.ts";
import type { Destination, Preparation } from "./prepared-job.ts";

type Publishing = {
  preparation: Preparation;
  destination: Extract<Destination, { kind: "output" }>;
  folder: RunFolder;
};

/** Makes the result visible; gives its files. */
export async function publish({ preparation, destination, folder }: Publishing): Promise<string[]> {
  const { output, parts, format, keepsParts } = destination;
  const written = readdirSync(parts)
    .filter((name) => name.startsWith("part-") && name.endsWith(".parquet"))
    .sort()
    .map((name) => path.join(parts, name));
  if (keepsParts) {
    const named = written.map((file, index) => [file, path.join(parts, partName(index, format))] as const);
    for (const [file, name] of named) {
      if (format === "parquet") renameSync(file, name);
      else await preparation.write({ parts: [file], output: name, format });
    }
    publishFolder(
      output,
      named.map(([, name]) => name),
    );
    return named.map(([, name]) => path.join(output.path, path.basename(name)));
  }
  if (!output.isFolder) {
    await preparation.write({ parts: written, output: output.temporary, format });
    publishFile(output);
    return [output.path];
  }
  const reduced = path.join(folder.temporary, `reduced-${partName(0, format)}`);
  await preparation.write({ parts: written, output: reduced, format });
  publishFolder(output, [reduced]);
  return [path.join(output.path, path.basename(reduced))];
}
