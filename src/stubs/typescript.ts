import type { FunctionDescription } from "../core/manifest.ts";
import type { ResultType, ScalarType } from "../core/types.ts";
import { runtimeText } from "./runtime-text.ts";
import { origin, type StubContext } from "./stub-context.ts";

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
  string: { input: "readonly (string | null)[] | TextColumn", output: "TextColumn" },
};

/** The text of `<module>.ts`: the loader, and one typed function for each of the artifact's. */
export function typescriptStub(context: StubContext): string {
  const { manifest } = context;
  const { functions } = manifest;
  const structs = new Map(
    functions.flatMap(({ result: { type } }) => (typeof type === "string" ? [] : [[type.struct, type]])),
  );
  return [
    `// ${origin(context)}`,
    runtimeText("loader.ts").trimEnd(),
    "",
    identity(context),
    shapes(functions),
    ...[...structs.values()].map(struct),
    ...functions.map(scalarFunction),
    `/** The same functions over whole columns. */\nexport const columns = {\n${functions.map(columnFunction).join("\n")}\n};`,
    "",
  ].join("\n");
}

function identity({ manifest, artifact, configs }: StubContext): string {
  const { module, file, sha256, interfaceHash, platform } = manifest;
  const places = configs.map(({ name, path }) => `    ${text(name)}: new URL(${text(path)}, import.meta.url).href,`);
  return `/** The artifact that this stub was generated for. */
export const artifact: ArtifactIdentity = {
  module: ${text(module)},
  file: ${text(file)},
  sha256: ${text(sha256)},
  interfaceHash: ${text(interfaceHash)},
  platform: ${text(`${platform.os}-${platform.arch}`)},
};

const opened = new ArtifactModule(artifact, {
  artifact: new URL(${text(artifact)}, import.meta.url).href,
  configs: {
${places.join("\n")}
  },
});

/** Loads the artifact from another place than the module's folder. Without it, the first call loads it from there. */
export function load(options: LoadOptions = {}): Door {
  return opened.load(options);
}
`;
}

function shapes(functions: readonly FunctionDescription[]): string {
  const lines = functions.map(({ name, arguments: parameters, result: { type } }) => {
    const result =
      typeof type === "string" ? type : type.fields.map((field) => ({ name: field.name, type: field.type }));
    return `  ${JSON.stringify({ name, arguments: parameters.map((parameter) => parameter.type), result })},`;
  });
  return `/** The functions in the order of the artifact. */
export const functionShapes: readonly FunctionShape[] = [
${lines.join("\n")}
];
`;
}

function struct({ struct: name, fields }: Exclude<ResultType, string>): string {
  const values = fields.map((field) => `  ${field.name}: ${orNull(scalars[field.type], field.nullable)};`);
  const whole = fields.map((field) => `  ${field.name}: ${columns[field.type].output};`);
  return `export interface ${name} {
${values.join("\n")}
}
/** Columns of ${name}; \`validity\` tells which rows are null as a whole. */
export interface ${name}Columns {
${whole.join("\n")}
  validity: Uint8Array | null;
}
`;
}

function scalarFunction(description: FunctionDescription, index: number): string {
  const { name, arguments: parameters } = description;
  const list = parameters.map((parameter) => `${safe(parameter.name)}: ${scalars[parameter.type]} | null`).join(", ");
  const values = parameters.map((parameter) => safe(parameter.name));
  const result = scalarResult(description);
  return `${documentation(description, "")}export function ${safe(name)}(${list}): ${result} {
  return opened.door.call<${result}>(${[index, ...values].join(", ")});
}
`;
}

function columnFunction(description: FunctionDescription, index: number): string {
  const { name, arguments: parameters, result } = description;
  const list = parameters.map((parameter) => `${safe(parameter.name)}: ${columns[parameter.type].input}`).join(", ");
  const output = typeof result.type === "string" ? columns[result.type].output : `${result.type.struct}Columns`;
  const values = parameters.map((parameter) => safe(parameter.name)).join(", ");
  return `${documentation(description, "  ")}  ${name}(${list}): ${output} {
    return callColumns<${output}>(opened.door, ${index}, functionShapes, [${values}]);
  },`;
}

/** A null argument gives null, so a result is never null only where every argument may be null and the result not. */
function scalarResult({ arguments: parameters, result: { type, nullable } }: FunctionDescription): string {
  const name = typeof type === "string" ? scalars[type] : type.struct;
  return orNull(name, nullable || parameters.some((parameter) => !parameter.nullable));
}

function documentation({ doc, arguments: parameters }: FunctionDescription, indent: string): string {
  const propagating = parameters.some((parameter) => !parameter.nullable) ? ["A null argument gives null."] : [];
  const lines = [...doc.replaceAll("*/", "*\\/").split("\n").filter(Boolean), ...propagating];
  if (lines.length === 0) return "";
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`).join("\n")}\n${indent} */\n`;
}

function column(values: string): { input: string; output: string } {
  return { input: `${values} | Column<${values}>`, output: `Column<${values}>` };
}

function orNull(type: string, nullable: boolean): string {
  return nullable ? `${type} | null` : type;
}

function text(value: string): string {
  return JSON.stringify(value);
}

/** Names that C++ allows and TypeScript does not. */
function safe(name: string): string {
  return reserved.has(name) ? `${name}_` : name;
}
const reserved = new Set(
  "arguments await debugger delete eval export extends finally function implements import in instanceof interface let null package super typeof var with yield artifact columns load functionShapes opened callColumns".split(
    " ",
  ),
);
