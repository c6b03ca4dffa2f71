import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** One file of the part of the stubs that is the same for every module. It lies beside this file, or in dist/. */
export function runtimeText(file: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const folder = ["runtime", "stubs-runtime"].map((name) => path.join(here, name)).find(existsSync);
  if (!folder) throw new Error(`the folder of the stubs' runtime is missing beside ${here}; install native-udf again`);
  return readFileSync(path.join(folder, file), "utf8");
}

export type Embedding = {
  /** Files of src/stubs/runtime/, in the order of the text. */
  files: readonly string[];
  /** What the stub exports of them; all else becomes its own. */
  exported: readonly string[];
  /** What is imported of other runtime files comes from this module. */
  elsewhere?: string;
};

/** TypeScript files of the runtime as one text: each import once, and none of each other. */
export function embeddedTypeScript({ files, exported, elsewhere }: Embedding): string {
  const imports = new Set<string>();
  const bodies = files.map((file) => {
    const text = runtimeText(file).replaceAll(/^import .* from "(.*)";\n/gm, (line: string, source: string) => {
      const inside = source.startsWith("./");
      if (!inside) imports.add(line);
      else if (!files.includes(source.slice(2))) imports.add(line.replace(source, elsewhere ?? source));
      return "";
    });
    return text
      .replaceAll(/^export (?=(?:type|class|function|const) (\w+))/gm, (keyword: string, name: string) =>
        exported.includes(name) ? keyword : "",
      )
      .trim();
  });
  return `${[...imports].sort().join("")}\n${bodies.join("\n\n")}\n`;
}

/** Every name in a text of TypeScript or Python; comments and strings give some more, which does no harm. */
export function namesIn(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_]\w*/g));
}
