import { Script } from "node:vm";
import { transform } from "sucrase";
import * as z from "zod";
import { messageOf } from "../core/error.ts";
import { BundleError } from "./bundle-error.ts";
import { isModulePackage } from "./package-type.ts";

export type Transformed = {
  /** JavaScript as CommonJS has it, line for line; `$meta` stands for `import.meta`. */
  code: string;
  /** What it may require, as it is written there. */
  requires: readonly string[];
  /** How the file itself names what it requires: by `import`, or by `require`. */
  kind: "module" | "commonjs";
  map: object | undefined;
};

const syntaxErrorSchema = z.object({ loc: z.object({ line: z.number(), column: z.number() }) });

/** One file of the author's (TypeScript or JavaScript). Throws BundleError with the line that does not parse. */
export function transformFile(text: string, file: string): Transformed {
  if (file.endsWith(".json")) return jsonModule(text);
  const kind = isCommonJs(text, file) ? "commonjs" : "module";
  const { code, map } = kind === "commonjs" ? { code: text, map: undefined } : toCommonJs(text, file);
  const withMeta = code.replaceAll(/\bimport\.meta\b/g, "$$meta");
  refuseBadSyntax(withMeta, file);
  return { code: withMeta, requires: requiresIn(withMeta), map, kind };
}

function jsonModule(text: string): Transformed {
  return { code: `module.exports = ${text.trim()};`, requires: [], map: undefined, kind: "commonjs" };
}

/** A package's file that is CommonJS already. */
function isCommonJs(text: string, file: string): boolean {
  if (/\.[cm]?ts$|\.mjs$/.test(file)) return false;
  return file.endsWith(".cjs") || !(isModulePackage(file) || /^\s*(?:import|export)\b/m.test(text));
}

function toCommonJs(text: string, file: string): { code: string; map: object | undefined } {
  try {
    const { code, sourceMap } = transform(withoutPrivateExports(text), {
      transforms: ["typescript", "imports"],
      filePath: file,
      sourceMapOptions: { compiledFilename: file },
      disableESTransforms: true,
      production: true,
    });
    return { code, map: sourceMap };
  } catch (cause) {
    const found = syntaxErrorSchema.safeParse(cause).data?.loc;
    const place = found ? { file, ...found } : undefined;
    throw new BundleError(withoutPlace(messageOf(cause)), { ...(place ? { place } : {}), cause });
  }
}

/**
 * The transformer takes `this.#x = 1` for an assignment to an exported `x` (sucrase 3.35.1), so such a field gets
 * another name. Line for line the text stays as it is.
 */
function withoutPrivateExports(text: string): string {
  const declared = text.matchAll(/\bexport\s+(?:async\s+)?(?:const|let|var|function\*?|class|enum)\s+([\w$]+)/g);
  const listed = text.matchAll(/\bexport\s*\{([^}]*)\}/g);
  const names = new Set([
    ...[...declared].map(([, name = ""]) => name),
    ...[...listed].flatMap(([, list = ""]) => list.split(",").map((item) => item.trim().split(/\s/)[0] ?? "")),
  ]);
  return text.replaceAll(/(\.\s*|^[ \t]*(?:(?:static|readonly|get|set|async)\s+)*)#([\w$]+)/gm, (all, before, name) =>
    names.has(name) ? `${before}#${name}_private` : all,
  );
}

/** The transformer reads more than the language allows: the engine has the last word. Nothing is run. */
function refuseBadSyntax(code: string, file: string): void {
  try {
    new Script(`(async function (exports, require, module, $meta) {\n${code}\n})`, { filename: file, lineOffset: -1 });
  } catch (cause) {
    const stack = cause instanceof Error ? (cause.stack ?? "") : "";
    const [first = "", , caret = ""] = stack.split("\n");
    const line = Number(/:(\d+)$/.exec(first)?.[1] ?? 1);
    const column = Math.max(1, caret.indexOf("^") + 1);
    throw new BundleError(messageOf(cause), { place: { file, line: Math.max(1, line), column }, cause });
  }
}

function requiresIn(code: string): string[] {
  const names = [...code.matchAll(/\brequire\(\s*(?:'([^'\n]+)'|"([^"\n]+)")\s*\)/g)];
  return [...new Set(names.map(([, single, double]) => single ?? double ?? ""))];
}

/** `Error transforming <file>: Unexpected token (3:5)` without what the place says already. */
function withoutPlace(message: string): string {
  return message.replace(/^Error transforming .*?: /, "").replace(/ \(\d+:\d+\)$/, "");
}
