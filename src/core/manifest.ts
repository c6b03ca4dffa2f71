import * as z from "zod";
import { sanitizerSets } from "./sanitizers.ts";
import { defaultSchema, type Field, formatType, type Type, typeSchema } from "./types.ts";

/** `nullable`: the function is called with nulls. `default`: callers may leave it out. */
export const argumentSchema = z.object({
  name: z.string(),
  type: typeSchema,
  nullable: z.boolean(),
  default: defaultSchema.optional(),
});
export type Argument = z.infer<typeof argumentSchema>;

/**
 * How a function takes rows: one at a time; whole columns; the rows of a group, for one result; one at a time, for many
 * rows, which are its result as a list.
 */
export const functionKinds = ["row", "batch", "aggregate", "table"] as const;
export type FunctionKind = (typeof functionKinds)[number];

/** One function as the artifact describes it; the arguments of an aggregate as one row has them. */
export const functionSchema = z.object({
  name: z.string(),
  kind: z.enum(functionKinds),
  doc: z.string(),
  arguments: z.array(argumentSchema),
  result: z.object({ type: typeSchema, nullable: z.boolean() }),
  /** False: the same arguments may give another result. Missing in an artifact of an earlier SDK. */
  deterministic: z.boolean().optional(),
  /** Name of the config file its state is made from. */
  config: z.string().optional(),
});
export type FunctionDescription = z.infer<typeof functionSchema>;

/** What a built artifact says of itself when it is asked (door call `describe`). */
export const artifactDescriptionSchema = z.object({
  sdk: z.string(),
  module: z.string(),
  functions: z.array(functionSchema),
});
export type ArtifactDescription = z.infer<typeof artifactDescriptionSchema>;

/** The file `<module>-<hash12>.json` beside the artifact. */
export const manifestSchema = artifactDescriptionSchema.extend({
  manifestVersion: z.literal(1),
  /** First 12 hex digits of `sha256`. */
  hash: z.string().regex(/^[0-9a-f]{12}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** sha256 of what callers depend on: names, types and nullability of all functions. */
  interfaceHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** sha256 of the sources and the build's options; tells whether the artifact is up to date. */
  sourcesHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** File names, relative to the manifest. */
  file: z.string(),
  debugFile: z.string(),
  size: z.number().int().positive(),
  /** `release`, `debug`, or the sanitizers that it was built with. */
  mode: z.enum(["release", "debug", ...sanitizerSets]),
  doors: z.array(z.string()),
  platform: z.object({ os: z.string(), arch: z.string() }),
  /** Newest glibc symbol version that the artifact needs, such as `2.16`. */
  glibcFloor: z.string().nullable(),
  needed: z.array(z.string()),
  buildId: z.string(),
  tools: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A function as its doors take it: an aggregate is given a list of a group's values for each argument. */
export function atTheDoor(description: FunctionDescription): FunctionDescription {
  if (description.kind !== "aggregate") return description;
  const parameters = description.arguments.map(({ name, type }) => {
    return { name, type: { list: { type, nullable: true } }, nullable: true };
  });
  return { ...description, arguments: parameters };
}

/** `scale: double = 1`. */
export function formatArgument({ name, type, nullable, default: value }: Argument): string {
  const shown = value === undefined ? "" : ` = ${type === "string" ? JSON.stringify(value) : value}`;
  return `${name}: ${formatType(type, nullable)}${shown}`;
}

/** `haversine_km(lat1: double, …) -> double`. */
export function formatSignature(description: FunctionDescription): string {
  const parameters = description.arguments.map(formatArgument);
  const { type, nullable } = description.result;
  return `${description.name}(${parameters.join(", ")}) -> ${formatType(type, nullable)}`;
}

/** As `formatSignature`, after the function's kind where it is not the usual one: `aggregate mean(x: double) -> double?`. */
export function formatDeclaration(description: FunctionDescription): string {
  const { kind } = description;
  return `${kind === "row" ? "" : `${kind} `}${formatSignature(description)}`;
}

/**
 * The text whose sha256 is the interface hash: changed by anything that would break a caller (names, order, types,
 * nullability, configs), and not by docs. The stubs carry the same computation (src/stubs/runtime/), a test compares.
 */
export function interfaceText(functions: readonly FunctionDescription[]): string {
  return JSON.stringify(
    functions.map(({ name, kind, arguments: parameters, result, config }) => [
      name,
      kind,
      parameters.map((parameter) => [...shapeOf(parameter), ...("default" in parameter ? ["may be left out"] : [])]),
      typeShape(result.type),
      result.nullable,
      config ?? null,
    ]),
  );
}

function shapeOf({ name, type, nullable }: Field): unknown[] {
  return [name, typeShape(type), nullable];
}

function typeShape(type: Type): unknown {
  if (typeof type === "string") return type;
  if ("decimal" in type) return ["decimal", type.decimal.precision, type.decimal.scale];
  if ("list" in type) return ["list", typeShape(type.list.type), type.list.nullable];
  return [type.struct, type.fields.map(shapeOf)];
}
