import type { FunctionDescription } from "../core/manifest.ts";
import type { ScalarType, StructType } from "../core/types.ts";
import { pythonNames, pythonText } from "./python-names.ts";
import { type Named, neverNull, origin, type StubContext } from "./stub-context.ts";

const types: Record<ScalarType, string> = {
  bool: "bool",
  int32: "int",
  int64: "int",
  float: "float",
  double: "float",
  string: "str",
};

/** The text of `<module>.pyi`. */
export function pythonTypes(context: StubContext): string {
  const { functions, structs } = pythonNames(context.manifest.functions);
  return `# ${origin(context)}
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

class ArtifactError(ImportError):
    """The artifact is missing, or is not the one that this stub was made for."""

class RowError(Exception):
    """A function refused a row: its name, and the row of its column (from 0), None for a call of one row."""

    code: str
    function: str | None
    row: int | None

class ConfigError(Exception):
    """A config file is missing or broken."""

    code: str
    config: str | None

class _SupportsArrowArray(Protocol):
    """Anything that speaks the Arrow PyCapsule interface, such as a pyarrow.Array."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

def load(artifact: str | None = None, configs: Mapping[str, str] | None = None) -> None:
    """Load the artifact, and its configs, from other places than beside this file or the module's folder.

    Without it, the first call loads them from there. A process loads an artifact once.
    """

${structs.map(structTypes).join("")}${functions.map(scalarTypes).join("")}
class columns:
    """The same functions over whole columns; each gives a pyarrow.Array, or without pyarrow an Arrow array to be taken once."""

${functions.map(columnTypes).join("")}`;
}

function structTypes({ local, described }: Named<StructType>): string {
  const names = pythonText.fieldNames(described);
  const lines = described.fields.map(
    ({ type, nullable }, index) => `    ${names[index]}: ${orNone(types[type], nullable)}`,
  );
  return `class ${local}(NamedTuple):\n${lines.join("\n")}\n\n`;
}

function scalarTypes({ described, local, parameters, struct }: Named<FunctionDescription>): string {
  const { type } = described.result;
  const list = described.arguments.map((argument, index) => `${parameters[index]}: ${types[argument.type]} | None`);
  const given = typeof type === "string" ? types[type] : (struct ?? type.struct);
  const signature = `def ${local}(${list.join(", ")}) -> ${orNone(given, !neverNull(described))}:`;
  return withDocstring(signature, pythonText.docstring(described, "    "));
}

/** Any, since pyarrow has no types of its own to name. */
function columnTypes({ described, local, parameters }: Named<FunctionDescription>): string {
  const list = parameters.map((name) => `${name}: _SupportsArrowArray`);
  const signature = `    @staticmethod\n    def ${local}(${list.join(", ")}) -> Any:`;
  return withDocstring(signature, pythonText.docstring(described, "        "));
}

function withDocstring(signature: string, docstring: string): string {
  return docstring ? `${signature}\n${docstring}\n` : `${signature} ...\n`;
}

function orNone(type: string, nullable: boolean): string {
  return nullable ? `${type} | None` : type;
}
