import type { FunctionDescription } from "../core/manifest.ts";
import type { StructType, Type } from "../core/types.ts";
import { embeddedTypeScript, namesIn } from "./runtime-text.ts";
import {
  documentationOf,
  type Named,
  namedOf,
  neverNull,
  origin,
  type StructNames,
  type StubContext,
  text,
} from "./stub-context.ts";
import { columnNames, defaultText, hasOwnInput, orNull, typeTexts } from "./typescript-types.ts";

/** What a stub exports besides its functions: for its users, and for `<module>.duckdb.ts`. */
const exported = [
  ...["ArtifactIdentity", "LoadOptions", "Column", "Utf8", "TextInput", "BytesInput", "DecimalInput", "ListInput"],
  ...["TextColumn", "BytesColumn", "DecimalColumn", "ListColumn"],
  ...["Door", "DoorInput", "DoorColumn", "Values", "FlatName", "TypeShape", "FieldShape", "FunctionShape"],
  ...["flatTypes", "outputFor", "allValid", "bitAt"],
];
const own = ["artifact", "load", "columns", "functionShapes", "opened"];

const keywords =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield any unknown never boolean number bigint string symbol object";

/** The text of `<module>.ts`: the loader, and one typed function for each of the artifact's. */
export function typescriptStub(context: StubContext): string {
  const runtime = embeddedTypeScript({ files: ["loader.ts", "column-types.ts", "columns.ts"], exported });
  const named = namedOf(context.manifest.functions, {
    stub: new Set([...namesIn(runtime), ...own, ...keywords.split(" ")]),
    body: new Set([...own, "callColumns", ...keywords.split(" ")]),
  });
  return [
    `// ${origin(context)}`,
    runtime,
    identity(context),
    shapes(named.functions.map(({ described }) => described)),
    ...named.structs.map((each) => struct(each, named.nameOf)),
    ...named.functions.map((each, index) => scalarFunction(each, { index, nameOf: named.nameOf })),
    "/** The same functions over whole columns. */\nexport const columns = {",
    ...named.functions.map((each, index) => columnFunction(each, { index, nameOf: named.nameOf })),
    "};",
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
  const lines = functions.map(({ name, kind, arguments: parameters, result }) => {
    const inputs = parameters.map((parameter) => {
      const optional = "default" in parameter ? ", optional: true" : "";
      return `{ name: ${text(parameter.name)}, type: ${typeShape(parameter.type)}${optional} }`;
    });
    const group = kind === "aggregate" ? ", aggregate: true" : "";
    return `  { name: ${text(name)}, arguments: [${inputs.join(", ")}], result: ${typeShape(result.type)}${group} },`;
  });
  return `/** The functions in the order of the artifact. */
export const functionShapes: readonly FunctionShape[] = [
${lines.join("\n")}
];
`;
}

function typeShape(type: Type): string {
  if (typeof type === "string") return text(type);
  if ("decimal" in type) return `{ decimal: { precision: ${type.decimal.precision}, scale: ${type.decimal.scale} } }`;
  if ("list" in type) return `{ list: { type: ${typeShape(type.list.type)}, nullable: ${type.list.nullable} } }`;
  const names = columnNames(type);
  const fields = type.fields.map(({ name, type: field, nullable }, index) => {
    const column = text(names[index] ?? name);
    return `{ name: ${text(name)}, column: ${column}, type: ${typeShape(field)}, nullable: ${nullable} }`;
  });
  return `{ fields: [${fields.join(", ")}] }`;
}

function struct({ local, described }: Named<StructType>, nameOf: StructNames): string {
  const names = columnNames(described);
  const texts = described.fields.map((field) => ({ ...field, ...typeTexts(field.type, nameOf) }));
  const values = texts.map(({ name, value, nullable }) => `  ${name}: ${orNull(value, nullable)};`);
  const given = texts.map((field) => `  readonly ${field.name}: ${orNull(field.given, field.nullable)};`);
  const whole = texts.map(({ column }, index) => `  ${names[index]}: ${column};`);
  const wholeGiven = texts.map(({ columnGiven }, index) => `  readonly ${names[index]}: ${columnGiven};`);
  const input = `/** ${local} as an argument. */
export interface ${local}Input {
${given.join("\n")}
}
`;
  return `export interface ${local} {
${values.join("\n")}
}
${hasOwnInput(described, nameOf) ? input : ""}/** Columns of ${local}; \`validity\` tells which rows are null as a whole. */
export interface ${local}Columns {
${whole.join("\n")}
  validity: Uint8Array | null;
}
/** Columns of ${local} as an argument. */
export interface ${local}ColumnsInput {
${wholeGiven.join("\n")}
  readonly validity?: Uint8Array | null;
}
`;
}

type Place = { index: number; nameOf: StructNames };

function scalarFunction(
  { local, described, parameters }: Named<FunctionDescription>,
  { index, nameOf }: Place,
): string {
  const list = described.arguments.map((argument, position) => {
    const value = argument.default === undefined ? "" : ` = ${defaultText(argument.default, argument.type)}`;
    return `${parameters[position]}: ${typeTexts(argument.type, nameOf).given} | null${value}`;
  });
  const result = orNull(typeTexts(described.result.type, nameOf).value, !neverNull(described));
  const body = `function ${local}(${list.join(", ")}): ${result} {
  return opened.door.call<${result}>(${[index, ...parameters].join(", ")});
}
`;
  const { name } = described;
  if (local === name) return `${documentation(described, "")}export ${body}`;
  const alias = [...exported, ...own].includes(name) ? "" : ` as ${name}`;
  return `${documentation(described, "")}${body}export { ${local}${alias} };\n`;
}

function columnFunction({ described, parameters }: Named<FunctionDescription>, { index, nameOf }: Place): string {
  const { name, arguments: given, result } = described;
  const list = given.map((argument, position) => {
    const mark = argument.default === undefined ? "" : "?";
    return `${parameters[position]}${mark}: ${typeTexts(argument.type, nameOf).columnGiven}`;
  });
  const output = typeTexts(result.type, nameOf).column;
  return `${documentation(described, "  ")}  ${name}(${list.join(", ")}): ${output} {
    return callColumns<${output}>({ door: opened.door, index: ${index}, shape: functionShapes[${index}], columns: [${parameters.join(", ")}] });
  },`;
}

function documentation(description: FunctionDescription, indent: string): string {
  const lines = documentationOf(description, "null").map((line) => line.replaceAll("*/", "*\\/"));
  if (lines.length < 2) return lines.map((line) => `${indent}/** ${line} */\n`).join("");
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`).join("\n")}\n${indent} */\n`;
}

function list(entries: readonly string[]): string {
  return entries.length === 0 ? "" : ` ${entries.join(", ")} `;
}
