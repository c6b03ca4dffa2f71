import type { FunctionDescription } from "../core/manifest.ts";
import type { ScalarType, StructType } from "../core/types.ts";
import { freeNames } from "./free-names.ts";
import { embeddedTypeScript, namesIn } from "./runtime-text.ts";
import { documentationOf, type Named, namedOf, neverNull, origin, type StubContext, text } from "./stub-context.ts";

const scalars: Record<ScalarType, string> = {
  bool: "boolean",
  int32: "number",
  int64: "bigint",
  float: "number",
  double: "number",
  string: "string",
};

const columns: Record<ScalarType, { input: string; output: string }> = {
  bool: column("Uint8Array"),
  int32: column("Int32Array"),
  int64: column("BigInt64Array"),
  float: column("Float32Array"),
  double: column("Float64Array"),
  string: { input: "TextInput", output: "TextColumn" },
};

/** What a stub exports besides its functions: for its users, and for `<module>.duckdb.ts`. */
const exported = [
  ...["ArtifactIdentity", "LoadOptions", "Column", "TextInput", "Utf8", "TextColumn"],
  ...["Door", "DoorInput", "DoorLeaf", "DoorOutput", "ScalarName", "FunctionShape"],
];
const own = ["artifact", "load", "columns", "functionShapes", "opened"];

const keywords =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield any unknown never boolean number bigint string symbol object";

/** The text of `<module>.ts`: the loader, and one typed function for each of the artifact's. */
export function typescriptStub(context: StubContext): string {
  const runtime = embeddedTypeScript({ files: ["loader.ts", "columns.ts"], exported });
  const named = namedOf(context.manifest.functions, {
    stub: new Set([...namesIn(runtime), ...own, ...keywords.split(" ")]),
    body: new Set([...own, "callColumns", ...keywords.split(" ")]),
  });
  return [
    `// ${origin(context)}`,
    runtime,
    identity(context),
    shapes(context.manifest.functions),
    ...named.structs.map(struct),
    ...named.functions.map(scalarFunction),
    `/** The same functions over whole columns. */\nexport const columns = {\n${named.functions.map(columnFunction).join("\n")}\n};`,
    "",
  ].join("\n");
}

function identity({ manifest, artifact, configs }: StubContext): string {
  const { module, file, sha256, interfaceHash, platform } = manifest;
  return `/** The artifact that this stub was generated for. */
export const artifact: ArtifactIdentity = {
  module: ${text(module)},
  file: ${text(file)},
  sha256: ${text(sha256)},
  interfaceHash: ${text(interfaceHash)},
  platform: ${text(`${platform.os}-${platform.arch}`)},
};

const opened = new ArtifactModule(artifact, {
  base: import.meta.url,
  artifact: ${text(artifact)},
  configs: {${list(configs.map(({ name, path }) => `${text(name)}: ${text(path)}`))}},
});

/**
 * Loads the artifact, and its configs, from other places than the module's folder. Without it, the first call loads
 * them from there. A process loads an artifact once.
 */
export function load(options: LoadOptions = {}): Door {
  return opened.load(options);
}
`;
}

function shapes(functions: readonly FunctionDescription[]): string {
  const lines = functions.map(({ name, arguments: parameters, result: { type } }) => {
    const inputs = parameters.map((parameter) => `{ name: ${text(parameter.name)}, type: ${text(parameter.type)} }`);
    return `  { name: ${text(name)}, arguments: [${inputs.join(", ")}], result: ${resultShape(type)} },`;
  });
  return `/** The functions in the order of the artifact. */
export const functionShapes: readonly FunctionShape[] = [
${lines.join("\n")}
];
`;
}

function resultShape(type: ScalarType | StructType): string {
  if (typeof type === "string") return text(type);
  const names = columnNames(type);
  const fields = type.fields.map(
    (field, index) => `{ name: ${text(field.name)}, column: ${text(names[index] ?? "")}, type: ${text(field.type)} }`,
  );
  return `[${fields.join(", ")}]`;
}

/** The columns of a struct stand beside its own validity. */
function columnNames({ fields }: StructType): string[] {
  return freeNames(
    fields.map((field) => field.name),
    new Set(["validity"]),
  );
}

function struct({ local, described }: Named<StructType>): string {
  const names = columnNames(described);
  const values = described.fields.map((field) => `  ${field.name}: ${orNull(scalars[field.type], field.nullable)};`);
  const whole = described.fields.map((field, index) => `  ${names[index]}: ${columns[field.type].output};`);
  return `export interface ${local} {
${values.join("\n")}
}
/** Columns of ${local}; \`validity\` tells which rows are null as a whole. */
export interface ${local}Columns {
${whole.join("\n")}
  validity: Uint8Array | null;
}
`;
}

function scalarFunction(
  { local, described, parameters, struct: made }: Named<FunctionDescription>,
  index: number,
): string {
  const list = described.arguments.map(({ type }, position) => `${parameters[position]}: ${scalars[type]} | null`);
  const { type } = described.result;
  const result = orNull(typeof type === "string" ? scalars[type] : (made ?? type.struct), !neverNull(described));
  const body = `function ${local}(${list.join(", ")}): ${result} {
  return opened.door.call<${result}>(${[index, ...parameters].join(", ")});
}
`;
  const { name } = described;
  if (local === name) return `${documentation(described, "")}export ${body}`;
  const alias = [...exported, ...own].includes(name) ? "" : ` as ${name}`;
  return `${documentation(described, "")}${body}export { ${local}${alias} };\n`;
}

function columnFunction({ described, parameters, struct: made }: Named<FunctionDescription>, index: number): string {
  const { name, arguments: given, result } = described;
  const list = given.map(({ type }, position) => `${parameters[position]}: ${columns[type].input}`);
  const output = typeof result.type === "string" ? columns[result.type].output : `${made ?? result.type.struct}Columns`;
  return `${documentation(described, "  ")}  ${name}(${list.join(", ")}): ${output} {
    return callColumns<${output}>({ door: opened.door, index: ${index}, shape: functionShapes[${index}], columns: [${parameters.join(", ")}] });
  },`;
}

function documentation(description: FunctionDescription, indent: string): string {
  const lines = documentationOf(description, "null").map((line) => line.replaceAll("*/", "*\\/"));
  if (lines.length < 2) return lines.map((line) => `${indent}/** ${line} */\n`).join("");
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`).join("\n")}\n${indent} */\n`;
}

function column(values: string): { input: string; output: string } {
  return { input: `${values} | Column<${values}>`, output: `Column<${values}>` };
}

function orNull(type: string, nullable: boolean): string {
  return nullable ? `${type} | null` : type;
}

function list(entries: readonly string[]): string {
  return entries.length === 0 ? "" : ` ${entries.join(", ")} `;
}
