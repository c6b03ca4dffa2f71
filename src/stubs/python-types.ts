import type { FunctionDescription } from "../core/manifest.ts";
import type { ScalarType, StructType, Type } from "../core/types.ts";
import { pythonNames, pythonText } from "./python-names.ts";
import { sparkTypes } from "./python-spark.ts";
import { type Named, neverNull, origin, type StructNames, type StubContext } from "./stub-context.ts";

const types: Record<ScalarType, string> = {
  bool: "bool",
  int8: "int",
  int16: "int",
  int32: "int",
  int64: "int",
  uint8: "int",
  uint16: "int",
  uint32: "int",
  uint64: "int",
  float: "float",
  double: "float",
  string: "str",
  bytes: "bytes",
  date: "_datetime.date",
  timestamp: "_datetime.datetime",
  local_timestamp: "_datetime.datetime",
};

/** A value of a type; `given`: as an argument, where callers may give more than they get. */
function typeText(type: Type, { given, nameOf }: { given: boolean; nameOf: StructNames }): string {
  if (typeof type === "string") return types[type];
  if ("decimal" in type) return given ? "_decimal.Decimal | int" : "_decimal.Decimal";
  if ("struct" in type) return nameOf(type);
  const element = orNone(typeText(type.list.type, { given, nameOf }), type.list.nullable);
  return given ? `_Sequence[${element}]` : `list[${element}]`;
}

/** The text of `<module>.pyi`. */
export function pythonTypes(context: StubContext): string {
  const { functions, structs, nameOf } = pythonNames(context.manifest.functions);
  return `# ${origin(context)}
import datetime as _datetime
import decimal as _decimal
from collections.abc import Mapping
from collections.abc import Sequence as _Sequence
from typing import Any, NamedTuple, Protocol

from pyspark.sql import Column as _Column  # type: ignore[import-not-found, unused-ignore]
from pyspark.sql import SparkSession as _SparkSession  # type: ignore[import-not-found, unused-ignore]

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

class _Door(Protocol):
    """The artifact's own calls."""

    def prepare(self) -> None:
        """Make the state of every function now: a broken config fails here, and not at its first use."""

    def watch(self, path: str) -> None:
        """From now on, write to the file where the module's code crashes. For a process that only computes."""

def load(artifact: str | None = None, configs: Mapping[str, str] | None = None) -> _Door:
    """Load the artifact, and its configs, from other places than beside this file or the module's folder.

    Without it, the first call loads them from there. A process loads an artifact once. Gives the artifact's own calls.
    """

${structs.map((each) => structTypes(each, nameOf)).join("")}${functions.map((each) => scalarTypes(each, nameOf)).join("")}
class columns:
    """The same functions over whole columns; each gives a pyarrow.Array, or without pyarrow an Arrow array to be taken once."""

${functions.map(columnTypes).join("")}${sparkTypes(functions, context)}`;
}

function structTypes({ local, described }: Named<StructType>, nameOf: StructNames): string {
  const names = pythonText.fieldNames(described);
  const lines = described.fields.map(
    ({ type, nullable }, index) => `    ${names[index]}: ${orNone(typeText(type, { given: false, nameOf }), nullable)}`,
  );
  return `class ${local}(NamedTuple):\n${lines.join("\n")}\n\n`;
}

function scalarTypes({ described, local, parameters }: Named<FunctionDescription>, nameOf: StructNames): string {
  const list = described.arguments.map((argument, index) => {
    const value = argument.default === undefined ? "" : ` = ${pythonText.literal(argument.default, argument.type)}`;
    return `${parameters[index]}: ${typeText(argument.type, { given: true, nameOf })} | None${value}`;
  });
  const given = typeText(described.result.type, { given: false, nameOf });
  const signature = `def ${local}(${list.join(", ")}) -> ${orNone(given, !neverNull(described))}:`;
  return withDocstring(signature, pythonText.docstring(described, "    "));
}

/** Any, since pyarrow has no types of its own to name. */
function columnTypes({ described, local, parameters }: Named<FunctionDescription>): string {
  const list = parameters.map((name, index) =>
    described.arguments[index]?.default === undefined
      ? `${name}: _SupportsArrowArray`
      : `${name}: _SupportsArrowArray | None = None`,
  );
  const signature = `    @staticmethod\n    def ${local}(${list.join(", ")}) -> Any:`;
  return withDocstring(signature, pythonText.docstring(described, "        "));
}

function withDocstring(signature: string, docstring: string): string {
  return docstring ? `${signature}\n${docstring}\n` : `${signature} ...\n`;
}

function orNone(type: string, nullable: boolean): string {
  return nullable ? `${type} | None` : type;
}
