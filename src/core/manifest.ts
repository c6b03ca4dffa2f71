import * as z from "zod";
import { fieldSchema, formatType, type ResultType, resultTypeSchema } from "./types.ts";

/** One function as the artifact describes it. `nullable` on an argument: the function is called with nulls. */
export const functionSchema = z.object({
  name: z.string(),
  kind: z.literal("row"),
  doc: z.string(),
  arguments: z.array(fieldSchema),
  result: z.object({ type: resultTypeSchema, nullable: z.boolean() }),
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
  mode: z.enum(["release", "debug"]),
  doors: z.array(z.string()),
  platform: z.object({ os: z.string(), arch: z.string() }),
  /** Newest glibc symbol version that the artifact needs, such as `2.16`. */
  glibcFloor: z.string().nullable(),
  needed: z.array(z.string()),
  buildId: z.string(),
  tools: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** `haversine_km(lat1: double, …) -> double`. */
export function formatSignature(description: FunctionDescription): string {
  const parameters = description.arguments.map(
    (argument) => `${argument.name}: ${formatType(argument.type, argument.nullable)}`,
  );
  const { type, nullable } = description.result;
  return `${description.name}(${parameters.join(", ")}) -> ${formatType(type, nullable)}`;
}

/**
 * The text whose sha256 is the interface hash: changed by anything that would break a caller (names, order, types,
 * nullability, configs), and not by docs. The stubs carry the same computation (src/stubs/runtime/), a test compares.
 */
export function interfaceText(functions: readonly FunctionDescription[]): string {
  const typeOf = (type: ResultType) =>
    typeof type === "string"
      ? type
      : [type.struct, type.fields.map((field) => [field.name, field.type, field.nullable])];
  return JSON.stringify(
    functions.map(({ name, kind, arguments: parameters, result, config }) => [
      name,
      kind,
      parameters.map((parameter) => [parameter.name, parameter.type, parameter.nullable]),
      typeOf(result.type),
      result.nullable,
      config ?? null,
    ]),
  );
}
