import type { FunctionDescription } from "../core/manifest.ts";
import type { StructType } from "../core/types.ts";
import { pythonNames, pythonText } from "./python-names.ts";
import { runtimeText } from "./runtime-text.ts";
import { type Named, origin, type StubContext, text } from "./stub-context.ts";

/** The text of `<module>.py`. It needs nothing but Python 3.10; columns need a library that speaks Arrow. */
export function pythonStub(context: StubContext): string {
  const { manifest, artifact, configs } = context;
  const { module, file, sha256, interfaceHash, platform } = manifest;
  const { functions, structs } = pythonNames(manifest.functions);
  const folder = artifact.slice(0, Math.max(0, artifact.lastIndexOf("/")));
  const places = configs.map(({ name, path }) => `        ${text(name)}: ${besideStub(path)},`);
  return `# ${origin(context)}
${runtimeText("loader.py").trimEnd()}


_here = _os.path.dirname(_os.path.abspath(__file__))
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

    Without it, the first call loads them from there. A process loads an artifact once.
    """
    _opened.load(artifact, configs)


def __getattr__(name):
    if name in ("RowError", "ConfigError"):
        return getattr(_opened.native(), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
${structs.map(structClass).join("")}${functions.map(scalarFunction).join("")}

class columns:
    """The same functions over whole columns: arrays of pyarrow, or of any library that speaks Arrow."""
${functions.map(columnFunction).join("")}`;
}

/** A path as Python finds it from the stub. */
function besideStub(relative: string): string {
  return `_os.path.normpath(_os.path.join(_here, ${text(relative)}))`;
}

function structClass({ local, described }: Named<StructType>): string {
  const names = pythonText.fieldNames(described).map(text).join(", ");
  return `\n\n${local} = _collections.namedtuple(${text(local)}, [${names}])\n`;
}

function scalarFunction({ described, local, parameters, struct }: Named<FunctionDescription>, index: number): string {
  const call = `_opened.native().call(${[index, ...parameters].join(", ")})`;
  const body =
    struct === undefined
      ? `    return ${call}`
      : `    _values = ${call}\n    return None if _values is None else ${struct}(*_values)`;
  return `

def ${local}(${parameters.join(", ")}):
${pythonText.docstring(described, "    ")}${body}
`;
}

function columnFunction({ described, local, parameters }: Named<FunctionDescription>, index: number): string {
  return `
    @staticmethod
    def ${local}(${parameters.join(", ")}):
${pythonText.docstring(described, "        ")}        return _column(_opened.native().columns(${[index, ...parameters].join(", ")}))
`;
}
