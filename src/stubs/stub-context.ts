import path from "node:path";
import { atTheDoor, type FunctionDescription, type Manifest } from "../core/manifest.ts";
import type { Module } from "../core/module.ts";
import { type StructType, type Type, typesIn } from "../core/types.ts";
import { freeNames } from "./free-names.ts";

/** What the texts of a module's stubs are made of. Paths are relative to the stubs' folder, with forward slashes. */
export type StubContext = {
  manifest: Manifest;
  artifact: string;
  configs: { name: string; path: string }[];
};

export function stubContext(module: Module, manifest: Manifest): StubContext {
  const relative = (file: string) => path.relative(module.stubs, file).split(path.sep).join("/");
  return {
    manifest,
    artifact: relative(path.join(module.artifacts, manifest.file)),
    configs: module.configs.map((config) => ({ name: path.basename(config), path: relative(config) })),
  };
}

/** The first line of every stub. */
export function origin({ manifest }: StubContext): string {
  return `made by native-udf from ${manifest.module}-${manifest.hash}; edit the C++ instead`;
}

/** A description with the names that it has in a stub, where C++ allows more names than the stub's language. */
export type Named<Described> = {
  described: Described;
  local: string;
  /** Of a function. */
  parameters: string[];
};

/** The name of a struct in a stub. */
export type StructNames = (type: StructType) => string;

/** Names that have a meaning: in the whole stub, and in the body of a function. */
export type Taken = { stub: ReadonlySet<string>; body: ReadonlySet<string> };

/** A function as a stub shows it. */
function inStub(description: FunctionDescription): FunctionDescription {
  return description.kind === "aggregate" ? { ...atTheDoor(description), doc: groupDoc(description) } : description;
}

function groupDoc(description: FunctionDescription): string {
  const each = description.arguments.length === 1 ? "The argument is a list" : "Each argument is a list";
  return [description.doc, `${each} of the values of one group.`, leftOutOfGroups(description)]
    .filter(Boolean)
    .join("\n");
}

/** Which rows an aggregate does not see; nothing where it sees all. */
export function leftOutOfGroups({ arguments: parameters }: FunctionDescription): string {
  const left = parameters.filter(({ nullable }) => !nullable).map(({ name }) => name);
  return left.length === 0 ? "" : `A row with a null as ${left.join(" or ")} is left out.`;
}

/** The functions, and each struct that they take or give once, with names that are not taken; inner structs first. */
export function namedOf(
  manifestFunctions: readonly FunctionDescription[],
  taken: Taken,
): { functions: Named<FunctionDescription>[]; structs: Named<StructType>[]; nameOf: StructNames } {
  const functions = manifestFunctions.map(inStub);
  const columns = functions.flatMap(({ arguments: parameters, result }) => [...parameters, result]);
  const found = columns.flatMap(({ type }) => typesIn(type)).filter(isStruct);
  // by all of it: C++ may have structs of one name in two namespaces
  const types = [...new Map(found.map((type) => [JSON.stringify(type), type])).values()];
  const names = freeNames(
    functions.map((each) => each.name),
    taken.stub,
  );
  const structNames = freeNames(
    types.map((type) => type.struct),
    new Set([...taken.stub, ...names]),
  );
  const structs = types.map((described, index) => ({
    described,
    local: structNames[index] ?? described.struct,
    parameters: [],
  }));
  return {
    structs,
    nameOf: (type) =>
      structs.find(({ described }) => JSON.stringify(described) === JSON.stringify(type))?.local ?? type.struct,
    functions: functions.map((described, index) => ({
      described,
      local: names[index] ?? described.name,
      parameters: freeNames(
        described.arguments.map((argument) => argument.name),
        new Set([...taken.body, ...structNames]),
      ),
    })),
  };
}

function isStruct(type: Type): type is StructType {
  return typeof type === "object" && "struct" in type;
}

/** A null argument gives null, so a result is never null only where every argument may be null and the result not. */
export function neverNull({ arguments: parameters, result }: FunctionDescription): boolean {
  return !result.nullable && parameters.every((parameter) => parameter.nullable);
}

/** The lines of a function's documentation: what its author wrote, and what nulls give. `nothing` is null or None. */
export function documentationOf(description: FunctionDescription, nothing: string): string[] {
  const { doc, arguments: parameters, deterministic } = description;
  const propagating = parameters.filter((parameter) => !parameter.nullable).map(({ name }) => name);
  const given = propagating.length === parameters.length ? "A null argument" : `A null as ${propagating.join(" or ")}`;
  return [
    ...doc.split(/\r?\n/).filter(Boolean),
    ...(propagating.length > 0 ? [`${given} gives ${nothing}.`] : []),
    ...(deterministic === false ? ["The same arguments may give another result at another time."] : []),
  ];
}

/** A string as it is written in TypeScript and in Python. */
export function text(value: string): string {
  return JSON.stringify(value);
}
