import type { FunctionDescription } from "../core/manifest.ts";
import type { ScalarType, StructType } from "../core/types.ts";
import { runtimeText } from "./runtime-text.ts";
import { origin, type StubContext } from "./stub-context.ts";

const types: Record<ScalarType, string> = {
  bool: "bool",
  int32: "int",
  int64: "int",
  float: "float",
  double: "float",
  string: "str",
};

/** The text of `<module>.py`. It needs nothing but Python 3.10; columns need a library that speaks Arrow. */
export function pythonStub(context: StubContext): string {
  const { manifest, artifact, configs } = context;
  const { functions } = manifest;
  const folder = artifact.slice(0, Math.max(0, artifact.lastIndexOf("/")));
  const places = configs.map(({ name, path }) => `        ${text(name)}: _os.path.join(_here, ${text(path)}),`);
  return `# ${origin(context)}
${runtimeText("loader.py").trimEnd()}


_here = _os.path.dirname(_os.path.abspath(__file__))
_opened = _Module(
    name=${text(manifest.module)},
    file=${text(manifest.file)},
    sha256=${text(manifest.sha256)},
    interface_hash=${text(manifest.interfaceHash)},
    places=[_here, _os.path.normpath(_os.path.join(_here, ${text(folder)}))],
    configs={
${places.join("\n")}
    },
)


def load(artifact=None, configs=None):
    """Load the artifact from another place. Without it, the first call loads it from beside the stub or the module."""
    _opened.load(artifact, configs)


def __getattr__(name):
    if name == "RowError":
        return _opened.native().RowError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

${structs(functions).map(structClass).join("")}${functions.map(scalarFunction).join("")}

class columns:
    """The same functions over whole columns: arrays of pyarrow, or of any library that speaks Arrow."""
${functions.map(columnFunction).join("")}`;
}

/** The text of \`<module>.pyi\`. */
export function pythonTypes(context: StubContext): string {
  const { functions } = context.manifest;
  return `# ${origin(context)}
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

class ArtifactError(ImportError):
    """The artifact is missing, or is not the one that this stub was made for."""

class RowError(ValueError):
    """A function refused a row."""

    function: str
    row: int | None

class ArrowArray(Protocol):
    """Anything that speaks the Arrow PyCapsule interface, such as a pyarrow.Array."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

def load(artifact: str | None = None, configs: Mapping[str, str] | None = None) -> None: ...

${structs(functions).map(structTypes).join("")}${functions.map(scalarTypes).join("")}
class columns:
${functions.map(columnTypes).join("")}`;
}

function structs(functions: readonly FunctionDescription[]): StructType[] {
  const found = functions.flatMap(({ result: { type } }) => (typeof type === "string" ? [] : [type]));
  return [...new Map(found.map((type) => [type.struct, type])).values()];
}

function structClass({ struct, fields }: StructType): string {
  const names = fields.map((field) => text(safe(field.name))).join(", ");
  return `
${struct} = _collections.namedtuple(${text(struct)}, [${names}])
`;
}

function structTypes({ struct, fields }: StructType): string {
  const lines = fields.map((field) => `    ${safe(field.name)}: ${orNone(types[field.type], field.nullable)}`);
  return `class ${struct}(NamedTuple):\n${lines.join("\n")}\n\n`;
}

function scalarFunction(description: FunctionDescription, index: number): string {
  const { name, result } = description;
  const names = parameterNames(description);
  const call = `_opened.native().call(${[index, ...names].join(", ")})`;
  const body =
    typeof result.type === "string"
      ? `    return ${call}`
      : `    result = ${call}\n    return None if result is None else ${result.type.struct}(*result)`;
  return `

def ${safe(name)}(${names.join(", ")}):
${docstring(description, "    ")}${body}
`;
}

function columnFunction(description: FunctionDescription, index: number): string {
  const names = parameterNames(description);
  return `
    @staticmethod
    def ${safe(description.name)}(${names.join(", ")}):
${docstring(description, "        ")}        return _column(_opened.native().columns(${[index, ...names].join(", ")}))
`;
}

function scalarTypes(description: FunctionDescription): string {
  const { name, arguments: parameters, result } = description;
  const list = parameters.map((parameter) => `${safe(parameter.name)}: ${types[parameter.type]} | None`).join(", ");
  const type = typeof result.type === "string" ? types[result.type] : result.type.struct;
  const nullable = result.nullable || parameters.some((parameter) => !parameter.nullable);
  const doc = docstring(description, "    ");
  const signature = `def ${safe(name)}(${list}) -> ${orNone(type, nullable)}:`;
  return doc ? `${signature}\n${doc}\n` : `${signature} ...\n`;
}

/** Any, since it is a pyarrow.Array where pyarrow is installed, and pyarrow has no types of its own to name. */
function columnTypes(description: FunctionDescription): string {
  const list = parameterNames(description).map((name) => `${name}: ArrowArray`);
  return `    @staticmethod\n    def ${safe(description.name)}(${list.join(", ")}) -> Any: ...\n`;
}

function parameterNames(description: FunctionDescription): string[] {
  return description.arguments.map((parameter) => safe(parameter.name));
}

function docstring({ doc, arguments: parameters }: FunctionDescription, indent: string): string {
  const propagating = parameters.some((parameter) => !parameter.nullable) ? ["A null argument gives None."] : [];
  const lines = [...doc.split("\n").filter(Boolean), ...propagating];
  if (lines.length === 0) return "";
  const escaped = lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return `${indent}"""${escaped.join(`\n${indent}`)}"""\n`;
}

function orNone(type: string, nullable: boolean): string {
  return nullable ? `${type} | None` : type;
}

function text(value: string): string {
  return JSON.stringify(value);
}

/** Names that C++ allows and Python does not. */
function safe(name: string): string {
  return reserved.has(name) ? `${name}_` : name;
}
const reserved = new Set(
  "False None True and as assert async await class columns def del elif except finally from global import in is lambda load nonlocal not or pass raise with yield".split(
    " ",
  ),
);
