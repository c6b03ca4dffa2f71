import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "import-meta-resolve";
import { messageOf } from "../core/error.ts";
import { BundleError } from "./bundle-error.ts";
import { type Transformed, transformFile } from "./transform-file.ts";

/** One file of a bundle. */
export type BundledModule = {
  /** Its absolute path; undefined for what we have written. */
  file: string | undefined;
  code: string;
  map: object | undefined;
  /** Position in the bundle of each file that it imports, by the name that it uses. */
  imports: Record<string, number>;
};

type Options = { root: string; entry: string; files: ReadonlyMap<string, string> };

/** What a job file imports from "native-udf". */
const nativeUdf = "exports.defineJob = (job) => job;";

/** The entry and all that it imports, each after what it imports itself, the entry last. Throws BundleError. */
export function collectModules({ root, entry, files }: Options): BundledModule[] {
  const collection = new Collection(root, files);
  collection.addText("native-udf:entry", transformFile(entry, path.join(root, "entry.ts")));
  return collection.modules;
}

/** The file that asks, and how. */
type Asking = { from: string; kind: Transformed["kind"] };
type Importer = { file: string | undefined; place: BundleError["place"]; kind: Transformed["kind"] };

class Collection {
  readonly modules: BundledModule[] = [];
  readonly #root: string;
  readonly #files: ReadonlyMap<string, string>;
  /** Position by path or by our name; a file that is being read has none yet. */
  readonly #positions = new Map<string, number | undefined>();
  /** What is asked for while it is being read itself: files that import each other. */
  readonly #cycles: { imports: Record<string, number>; name: string; key: string }[] = [];

  constructor(root: string, files: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#files = files;
  }

  addText(key: string, transformed: Transformed): void {
    this.#add({ key, file: undefined, transformed, source: "" });
  }

  #addFile(file: string, importer: { file: string | undefined; place?: BundleError["place"] }): void {
    let source: string;
    try {
      source = readFileSync(file, "utf8");
    } catch (cause) {
      const { place } = importer;
      throw new BundleError(`${file} cannot be read (${messageOf(cause)})`, { ...(place ? { place } : {}), cause });
    }
    this.#add({ key: file, file, transformed: transformFile(source, file), source });
  }

  #add(options: { key: string; file: string | undefined; transformed: Transformed; source: string }): void {
    const { key, file, transformed, source } = options;
    this.#positions.set(key, undefined);
    const imports: Record<string, number> = {};
    for (const name of transformed.requires) {
      const place = file === undefined ? undefined : placeOf(name, { file, source });
      const target = this.#resolve(name, { file, place, kind: transformed.kind });
      if (target === undefined) continue;
      if (!this.#positions.has(target)) {
        if (target === "native-udf")
          this.addText(target, { code: nativeUdf, requires: [], map: undefined, kind: "commonjs" });
        else this.#addFile(target, { file, place });
      }
      const position = this.#positions.get(target);
      if (position === undefined) this.#cycles.push({ imports, name, key: target });
      else imports[name] = position;
    }
    const position = this.modules.push({ file, code: transformed.code, map: transformed.map, imports }) - 1;
    this.#positions.set(key, position);
    for (const cycle of this.#cycles) if (cycle.key === key) cycle.imports[cycle.name] = position;
  }

  /** The file that a name means; undefined for what is left to the one who runs the bundle. */
  #resolve(name: string, importer: Importer): string | undefined {
    const own = this.#files.get(name);
    if (own !== undefined) return own;
    if (name === "native-udf") return name;
    if (isBuiltin(name) || name.startsWith("@duckdb/")) return undefined;
    const from = importer.file ?? path.join(this.#root, "entry.ts");
    const found = /^\.{0,2}\//.test(name)
      ? existing(path.resolve(path.dirname(from), name))
      : inPackages(name, { from, kind: importer.kind });
    if (found !== undefined) return found;
    if (from.includes(`${path.sep}node_modules${path.sep}`)) return undefined; // often one that is tried for
    throw new BundleError(`Could not resolve "${name}"`, importer.place ? { place: importer.place } : {});
  }
}

function existing(file: string): string | undefined {
  const names = [
    file,
    ...[".ts", ".mts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"].map((ending) => `${file}${ending}`),
    ...(/\.[cm]?js$/.test(file) ? [file.replace(/js$/, "ts")] : []),
  ];
  return names.find((name) => existsSync(name) && statSync(name).isFile());
}

/**
 * By the rules of what asks for it: a package may have one file for `import` and another one for `require`. What those
 * for `import` do not find, such as a file without its ending, those for `require` may.
 */
function inPackages(name: string, { from, kind }: Asking): string | undefined {
  if (kind === "commonjs") return tried(() => createRequire(from).resolve(name));
  const imported = tried(() => fileURLToPath(resolve(name, pathToFileURL(from).href)));
  return imported !== undefined && existsSync(imported) ? imported : inPackages(name, { from, kind: "commonjs" });
}

function tried(find: () => string): string | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

/** Where a file names what it imports. */
function placeOf(name: string, { file, source }: { file: string; source: string }): BundleError["place"] {
  const quoted = [`"${name}"`, `'${name}'`].map((text) => source.indexOf(text)).filter((at) => at >= 0);
  const before = source.slice(0, Math.min(...quoted, source.length)).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
