import type { FunctionDescription } from "../core/manifest.ts";
import type { StructType, Type } from "../core/types.ts";
import { pythonNames, pythonText } from "./python-names.ts";
import { sparkStub } from "./python-spark.ts";
import { pythonRuntime } from "./runtime-text.ts";
import { type Named, origin, type StructNames, type StubContext, text } from "./stub-context.ts";

/** The text of `<module>.py`. It needs nothing but Python 3.10; columns need a library that speaks Arrow. */
export function pythonStub(context: StubContext): string {
  const { manifest, artifact, configs } = context;
  const { module, file, sha256, interfaceHash, platform } = manifest;
  const { functions, structs, nameOf } = pythonNames(manifest.functions);
  const folder = artifact.slice(0, Math.max(0, artifact.lastIndexOf("/")));
  const places = configs.map(({ name, path }) => `        ${text(name)}: ${besideStub(path)},`);
  return `# ${origin(context)}
${pythonRuntime()}


_here = _os.path.dirname(_os.path.abspath(__file__))
_made = {}
_opened = _Module(
    name=${text(module)},
    file=${text(file)},
    sha256=${text(sha256)},
    interface_hash=${text(interfaceHash)},
    platform=${text(`${platform.os}-${platform.arch}`)},
    places=[_here, ${besideStub(folder)}],
    configs={${places.length === 0 ? "" : `\n${places.join("\n")}\n    `}},
)


def load(artifact=None, configs=None):
    """Load the artifact, and its configs, from other places than beside this file or the module's folder.

    Without it, the first call loads them from there. A process loads an artifact once. Gives the artifact's own calls.
    """
    return _opened.load(artifact, configs)


def __getattr__(name):
    if name in ("RowError", "ConfigError"):
        return getattr(_opened.native(), name)
    if name == "spark":
        return _spark_space(globals())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
${structs.map((each) => structClass(each, nameOf)).join("")}${functions.map((each, index) => scalarFunction(each, { index, nameOf })).join("")}

class columns:
    """The same functions over whole columns: arrays of pyarrow, or of any library that speaks Arrow."""
${functions.map(columnFunction).join("")}${sparkStub(functions, context)}`;
}

/** A path as Python finds it from the stub. */
function besideStub(relative: string): string {
  return `_os.path.normpath(_os.path.join(_here, ${text(relative)}))`;
}

function structClass({ local, described }: Named<StructType>, nameOf: StructNames): string {
  const names = pythonText.fieldNames(described).map(text).join(", ");
  const fields = described.fields.map(({ type }) => makerOf(type, nameOf) ?? "None").join(", ");
  return `

${local} = _collections.namedtuple(${text(local)}, [${names}])
_made[${text(local)}] = _record(${local}, ${fields})
`;
}

/** What makes named tuples of the tuples that the artifact gives; undefined where there are none. */
function makerOf(type: Type, nameOf: StructNames): string | undefined {
  if (typeof type === "string" || "decimal" in type) return undefined;
  if ("struct" in type) return `_made[${text(nameOf(type))}]`;
  const element = makerOf(type.list.type, nameOf);
  return element && `_each(${element})`;
}

type Place = { index: number; nameOf: StructNames };

function scalarFunction(
  { described, local, parameters }: Named<FunctionDescription>,
  { index, nameOf }: Place,
): string {
  const list = described.arguments.map(({ type, default: value }, position) =>
    value === undefined ? parameters[position] : `${parameters[position]}=${pythonText.literal(value, type)}`,
  );
  const call = `_opened.native().call(${[index, ...parameters].join(", ")})`;
  const maker = makerOf(described.result.type, nameOf);
  return `

def ${local}(${list.join(", ")}):
${pythonText.docstring(described, "    ")}    return ${maker === undefined ? call : `${maker}(${call})`}
`;
}

function columnFunction({ described, local, parameters }: Named<FunctionDescription>, index: number): string {
  const isOptional = (_name: string, position: number) => described.arguments[position]?.default !== undefined;
  const optional = parameters.filter(isOptional);
  const required = parameters.slice(0, parameters.length - optional.length);
  const list = [...required, ...optional.map((name) => `${name}=None`)];
  const given = [index, ...required, ...(optional.length > 0 ? [`*_given(${optional.join(", ")})`] : [])];
  return `
    @staticmethod
    def ${local}(${list.join(", ")}):
${pythonText.docstring(described, "        ")}        return _column(_opened.native().columns(${given.join(", ")}))
`;
}
