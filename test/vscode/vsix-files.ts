import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";

/** The files of a VSIX below its folder `extension/`, with the size of each. */
export function vsixFiles(vsix: string): Map<string, { size: number; packed: number }> {
  const files = new Map<string, { size: number; packed: number }>();
  unzipSync(readFileSync(vsix), {
    filter: ({ name, size, originalSize }) => {
      if (name.startsWith("extension/"))
        files.set(name.slice("extension/".length), { size: originalSize, packed: size });
      return false;
    },
  });
  return files;
}

/** The text of one of them. */
export function vsixText(vsix: string, file: string): string {
  const name = `extension/${file}`;
  const bytes = unzipSync(readFileSync(vsix), { filter: (entry) => entry.name === name })[name];
  if (!bytes) throw new Error(`there is no ${file} in ${vsix}`);
  return new TextDecoder().decode(bytes);
}
