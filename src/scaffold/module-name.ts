import path from "node:path";
import { UdfError } from "../core/error.ts";
import { moduleNamePattern } from "../core/module.ts";

/** The name that is given, or one made of the folder's: `My Features` gives `my_features`. Throws USAGE for one that cannot be. */
export function moduleName(folder: string, given: string | undefined): string {
  const name = given ?? identifierOf(path.basename(path.resolve(folder)));
  if (moduleNamePattern.test(name) && !reserved.has(name)) return name;
  throw new UdfError("USAGE", {
    what: `"${name}" cannot be a module's name: it must be lower-case letters, digits and _, begin with a letter and be no keyword`,
    next: "Give one with --name, for example --name my_features.",
  });
}

function identifierOf(text: string): string {
  return text
    .normalize("NFKD") // takes accents off their letters
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "");
}

/** Keywords of C++ and Python that are lower-case letters, and names that a Python module must not hide. */
const reserved = new Set(
  (
    "and as asm assert async auto await bool break case catch char class const continue default def del delete do " +
    "double elif else enum except explicit export extern false finally float for friend from global goto if import in " +
    "inline int is lambda long mutable namespace new nonlocal not operator or pass private protected public raise " +
    "register return short signed sizeof static std struct switch template this throw true try typedef typeid typename " +
    "udf union unsigned using virtual void volatile while with xor yield sys os re json math types typing test"
  ).split(" "),
);
