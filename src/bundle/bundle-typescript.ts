import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Module } from "../core/module.ts";
import { type BundledModule, collectModules } from "./collect-modules.ts";

type Options = {
  module: Module;
  /** Text of the entry; it lies in the module's folder, and imports files by the names in `files`. */
  entry: string;
  /** Names of our own for files, in the entry. */
  files: ReadonlyMap<string, string>;
  /**
   * The bundle stays on this machine: `import.meta.url` is the URL of the author's file, so that what lies beside it is
   * found, and so are the files in the source map.
   */
  keepUrls?: boolean;
};

/**
 * Puts TypeScript of the author's and all that it imports into one ECMAScript module, with its source map in it;
 * `native-udf` is the little that a job file needs of it. It exports what the entry exports as `default` and `stubs`.
 * Each file becomes a function, and they are called in the order in which the files would be evaluated. Throws
 * BundleError.
 */
export function bundleTypescript({ module, entry, files, keepUrls = false }: Options): string {
  const modules = collectModules({ root: module.root, entry, files });
  const text = new BundleText();
  text.add(head(modules.length));
  for (const [index, bundled] of modules.entries()) {
    const meta = keepUrls ? metaOf(bundled) : "import.meta";
    text.add(`await (async function (exports, require, module, $meta) {\n`);
    text.addMapped(bundled.code, sourceMapOf(bundled, keepUrls ? undefined : module.root));
    text.add(
      `\n}).call($modules[${index}].exports, $modules[${index}].exports, $requireOf(${JSON.stringify(bundled.imports)}), $modules[${index}], ${meta});\n`,
    );
  }
  text.add(`const $entry = $modules[${modules.length - 1}].exports;\n`);
  text.add("export default $entry.default;\nexport const stubs = $entry.stubs;\n");
  return text.end();
}

/** What all files of a bundle share. A name that is no file of the bundle is Node's own, or a package's. */
function head(count: number): string {
  return [
    'import { createRequire as $createRequire } from "node:module";',
    "const $require = $createRequire(import.meta.url);",
    `const $modules = Array.from({ length: ${count} }, () => ({ exports: {} }));`,
    "const $requireOf = (imports) => (name) =>",
    "  Object.hasOwn(imports, name) ? $modules[imports[name]].exports : $require(name);",
    "",
  ].join("\n");
}

function metaOf({ file }: BundledModule): string {
  if (file === undefined) return "import.meta";
  const [url, dirname] = [pathToFileURL(file).href, path.dirname(file)];
  return JSON.stringify({ url, dirname, filename: file });
}

/** Names the file by its path from `root`, or by its URL. */
function sourceMapOf({ file, map }: BundledModule, root: string | undefined): object | undefined {
  if (file === undefined || map === undefined) return undefined;
  const source = root === undefined ? pathToFileURL(file).href : path.relative(root, file);
  return { ...map, file: "", sources: [source] };
}

/** A text that knows how many lines it has. Source of the map's form: ECMA-426, "Index source map". */
class BundleText {
  #text = "";
  #lines = 0;
  readonly #sections: { offset: { line: number; column: number }; map: object }[] = [];

  add(text: string): void {
    this.#text += text;
    for (const character of text) if (character === "\n") this.#lines += 1;
  }

  addMapped(text: string, map: object | undefined): void {
    if (map) this.#sections.push({ offset: { line: this.#lines, column: 0 }, map });
    this.add(text);
  }

  end(): string {
    // Node looks for sources outside of the sections too
    const json = JSON.stringify({ version: 3, sources: [], sections: this.#sections });
    const map = Buffer.from(json).toString("base64");
    return `${this.#text}//# sourceMappingURL=data:application/json;base64,${map}\n`;
  }
}
