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

/** The Python of the runtime as one text: it uses no names but its own, so that files just follow one another. */
export function pythonRuntime(): string {
  const files = ["loader.py", "spark.py", "spark_types.py", "spark_pandas.py", "spark_watch.py", "spark_worker.py"];
  return files.map((file) => runtimeText(file).trimEnd()).join("\n\n\n");
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
  const imports = new ImportLines();
  const bodies = files.map((file) => {
    const text = runtimeText(file).replaceAll(
      /^import ([^;]*?) from "(.*)";\n/gm,
      (_line: string, clause: string, source: string) => {
        const inside = source.startsWith("./");
        if (!inside) imports.add(clause, source);
        else if (!files.includes(source.slice(2))) imports.add(clause, elsewhere ?? source);
        return "";
      },
    );
    return text
      .replaceAll(/^export (?=(?:type|class|function|const) (\w+))/gm, (keyword: string, name: string) =>
        exported.includes(name) ? keyword : "",
      )
      .trim();
  });
  return `${imports.text()}\n${bodies.join("\n\n")}\n`;
}

/** The imports of several files, each name once. */
class ImportLines {
  readonly #whole = new Set<string>();
  readonly #names = new Map<string, Set<string>>();

  /** `clause`: what stands between `import` and `from`. */
  add(clause: string, source: string): void {
    const [, type = "", names] = /^(type )?\{([^}]*)\}$/.exec(clause) ?? [];
    if (names === undefined) {
      this.#whole.add(`import ${clause} from "${source}";\n`);
      return;
    }
    const all = this.#names.get(source) ?? new Set();
    this.#names.set(source, all);
    for (const name of names.split(",")) if (name.trim() !== "") all.add(`${type}${name.trim()}`);
  }

  text(): string {
    const named = [...this.#names].map(([source, names]) => {
      const types = [...names].every((name) => name.startsWith("type "));
      const list = [...names].map((name) => (types ? name.slice("type ".length) : name)).sort();
      return `import ${types ? "type " : ""}{ ${list.join(", ")} } from "${source}";\n`;
    });
    return [...this.#whole, ...named].sort().join("");
  }
}

/** Every name in a text of TypeScript or Python; comments and strings give some more, which does no harm. */
export function namesIn(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_]\w*/g));
}
