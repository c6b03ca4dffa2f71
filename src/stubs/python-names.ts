import type { FunctionDescription } from "../core/manifest.ts";
import type { DefaultValue, StructType, Type } from "../core/types.ts";
import { freeNames } from "./free-names.ts";
import { namesIn, pythonRuntime } from "./runtime-text.ts";
import { documentationOf, namedOf } from "./stub-context.ts";

const keywords =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";

/** Built-in names; a function of such a name would take its place in the loader. */
const builtins =
  "ArithmeticError AttributeError BaseException Exception ImportError KeyError OSError RuntimeError TypeError ValueError bool bytes classmethod dict float frozenset getattr hasattr int isinstance issubclass iter len list map max min next object open property range repr set setattr sorted staticmethod str sum super tuple type vars zip";

/** What the generated part defines or uses, and what the types use. */
const own =
  "Any ConfigError Mapping NamedTuple Protocol RowError __file__ __getattr__ __name__ _Column _Sequence _SparkFunctions _SparkSession _datetime _decimal _here _made _on_spark _opened _spark_functions bool bytes columns float int list load object spark str tuple";

/** What the body of a function uses. */
const inBody = "_opened _on_spark _made _column _given";

/** The functions and structs with the names that they have in Python: `open` is `open_`, since the loader opens files. */
export function pythonNames(functions: readonly FunctionDescription[]): ReturnType<typeof namedOf> {
  const loader = pythonRuntime();
  const mentioned = namesIn(loader);
  const defined = [...loader.matchAll(/^(?:class|def) (\w+)|^import .* as (\w+)$/gm)].flatMap(
    ([, definition, alias]) => definition ?? alias ?? [],
  );
  const body = [...inBody.split(" "), ...keywords.split(" ")];
  const used = builtins.split(" ").filter((name) => mentioned.has(name));
  return namedOf(functions, {
    stub: new Set([...defined, ...used, "getattr", "staticmethod", "AttributeError", ...own.split(" "), ...body]),
    body: new Set(body),
  });
}

/** What both files of Python say in the same words. */
export const pythonText = {
  /** A field of a named tuple is neither a keyword nor a method of it, and does not begin with an underscore. */
  fieldNames({ fields }: StructType): string[] {
    const plain = fields.map(({ name }) => (name.startsWith("_") ? `field${name}` : name));
    return freeNames(
      plain,
      new Set([...keywords.split(" "), "count", "index", "bool", "bytes", "float", "int", "list", "str"]),
    );
  },

  /** An argument's default. */
  literal(value: DefaultValue, type: Type): string {
    if (value === null) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    return type === "string" ? JSON.stringify(value) : String(value);
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
