import type { FunctionDescription } from "../core/manifest.ts";
import type { StructType } from "../core/types.ts";
import { freeNames } from "./free-names.ts";
import { namesIn, runtimeText } from "./runtime-text.ts";
import { documentationOf, namedOf } from "./stub-context.ts";

const keywords =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";

/** What the body of a function uses. */
const inBody = "_opened _values _column";

/** What the generated part and the types use besides the loader. */
const own =
  "Any AttributeError ConfigError Mapping NamedTuple Protocol RowError __file__ __getattr__ __name__ _here bool columns float getattr int load name object places self staticmethod str tuple";

/** The functions and structs with the names that they have in Python: `open` is `open_`, since the loader opens files. */
export function pythonNames(functions: readonly FunctionDescription[]): ReturnType<typeof namedOf> {
  const body = [...inBody.split(" "), ...keywords.split(" ")];
  return namedOf(functions, {
    stub: new Set([...namesIn(runtimeText("loader.py")), ...own.split(" "), ...body]),
    body: new Set(body),
  });
}

/** What both files of Python say in the same words. */
export const pythonText = {
  /** A field of a named tuple is neither a keyword nor a method of it, and does not begin with an underscore. */
  fieldNames({ fields }: StructType): string[] {
    const plain = fields.map(({ name }) => (name.startsWith("_") ? `field${name}` : name));
    return freeNames(plain, new Set([...keywords.split(" "), "count", "index", "bool", "float", "int", "str"]));
  },

  docstring(description: FunctionDescription, indent: string): string {
    const [first, ...rest] = documentationOf(description, "None").map((line) =>
      line.replaceAll("\\", "\\\\").replaceAll('"', '\\"'),
    );
    if (first === undefined) return "";
    if (rest.length === 0) return `${indent}"""${first}"""\n`;
    return `${indent}"""${first}\n\n${rest.map((line) => `${indent}${line}\n`).join("")}${indent}"""\n`;
  },
};
