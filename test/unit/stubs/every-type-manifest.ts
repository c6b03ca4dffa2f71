import { type FunctionDescription, type Manifest, manifestSchema } from "../../../src/core/manifest.ts";
import type { Module } from "../../../src/core/module.ts";
import { type Field, scalarTypes, type Type } from "../../../src/core/types.ts";

const field = (name: string, type: Field["type"], nullable = false): Field => ({ name, type, nullable });

const ofEachType = scalarTypes.flatMap((type): FunctionDescription[] => [
  {
    name: `${type}_of`,
    kind: "row",
    doc: `Takes and gives ${type}.`,
    arguments: [field("value", type)],
    result: { type, nullable: false },
  },
  {
    name: `maybe_${type}`,
    kind: "row",
    doc: "",
    arguments: [field("value", type, true)],
    result: { type, nullable: true },
  },
]);

const others: FunctionDescription[] = [
  {
    name: "never_null",
    kind: "row",
    doc: "",
    arguments: [field("a", "double", true), field("b", "string", true)],
    result: { type: "bool", nullable: false },
  },
  {
    name: "mixed",
    kind: "row",
    doc: 'Two lines: the first says "quote", \\n and */.\nThe second ends with """',
    arguments: [field("must", "int64"), field("may", "int64", true), field("too", "bool")],
    result: { type: "int64", nullable: false },
  },
  {
    name: "route",
    kind: "row",
    doc: "A struct from a config file.",
    arguments: [field("origin", "string"), field("destination", "string")],
    result: {
      type: {
        struct: "Route",
        fields: [field("km", "double"), field("band", "int32", true), field("validity", "string")],
      },
      nullable: true,
    },
    config: "airports.csv",
  },
  {
    name: "open",
    kind: "row",
    doc: "",
    arguments: [field("class", "string"), field("in", "string")],
    result: { type: { struct: "Map", fields: [field("from", "string"), field("_hidden", "bool")] }, nullable: false },
  },
];

const stop: Type = {
  struct: "Stop",
  fields: [
    field("name", "string"),
    field("at", "timestamp", true),
    field("fare", { decimal: { precision: 9, scale: 2 } }),
  ],
};
const listOf = (type: Type, nullable = false): Type => ({ list: { type, nullable } });

const nested: FunctionDescription[] = [
  {
    name: "decimal_of",
    kind: "row",
    doc: "",
    arguments: [field("value", { decimal: { precision: 38, scale: 10 } })],
    result: { type: { decimal: { precision: 38, scale: 10 } }, nullable: true },
  },
  {
    name: "lists",
    kind: "row",
    doc: "",
    arguments: [
      field("numbers", listOf("float")),
      field("holes", listOf("int64", true)),
      field("stops", listOf(stop, true)),
    ],
    result: { type: listOf("string", true), nullable: false },
  },
  {
    name: "trip",
    kind: "row",
    doc: "",
    arguments: [field("first", stop)],
    result: {
      type: {
        struct: "Trip",
        fields: [field("stops", listOf(stop)), field("hours", listOf("double")), field("last", stop, true)],
      },
      nullable: false,
    },
  },
  {
    name: "scaled",
    kind: "row",
    doc: "Rounds at random.",
    arguments: [
      field("value", "double"),
      { ...field("factor", "float"), default: 1.5 },
      { ...field("times", "int64"), default: "9007199254740993" },
      { ...field("unit", "string"), default: 'a "b"' },
      { ...field("round", "bool", true), default: null },
    ],
    result: { type: "double", nullable: false },
    deterministic: false,
  },
];

/** A manifest with every type, null rule and kind of awkward name. */
export const everyTypeManifest: Manifest = manifestSchema.parse({
  sdk: "0.1.0",
  module: "every_type",
  functions: [...ofEachType, ...others, ...nested],
  manifestVersion: 1,
  hash: "0123456789ab",
  sha256: `0123456789ab${"0".repeat(52)}`,
  interfaceHash: "f".repeat(64),
  sourcesHash: "e".repeat(64),
  file: "every_type-0123456789ab.udf.so",
  debugFile: "every_type-0123456789ab.debug",
  size: 1,
  mode: "release",
  doors: ["node", "python"],
  platform: { os: "linux", arch: "x64" },
  glibcFloor: "2.16",
  needed: [],
  buildId: "",
  tools: {},
});

/** The module of that manifest in a folder. */
export function everyTypeModule(root: string): Module {
  return {
    name: "every_type",
    root,
    configs: [`${root}/config/airports.csv`, `${root}/a "b" %20/ü.txt`],
    jobs: `${root}/jobs`,
    stubs: `${root}/stubs`,
    tests: [],
    targets: {},
    artifacts: `${root}/artifacts`,
    state: `${root}/.native-udf`,
  };
}
