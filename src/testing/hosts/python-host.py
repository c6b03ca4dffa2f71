"""A process that has an artifact loaded by its Python door, and calls what it is asked to; see protocol.ts.

Nothing but the standard library, so that every Python from 3.10 will do: Arrow's C structs are laid out by ctypes.
Answers go to descriptor 3.
"""

import base64
import ctypes
import datetime
import decimal
import importlib.machinery
import importlib.util
import json
import math
import os
import sys


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


ReleaseSchema = ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))
ReleaseArray = ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))
Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(Schema))),
    ("dictionary", ctypes.POINTER(Schema)),
    ("release", ReleaseSchema),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(Array))),
    ("dictionary", ctypes.POINTER(Array)),
    ("release", ReleaseArray),
    ("private_data", ctypes.c_void_p),
]


@ReleaseSchema
def release_schema(schema):
    schema.contents.release = ReleaseSchema()


@ReleaseArray
def release_array(array):
    array.contents.release = ReleaseArray()


new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
open_capsule = ctypes.pythonapi.PyCapsule_GetPointer
open_capsule.restype = ctypes.c_void_p
open_capsule.argtypes = [ctypes.py_object, ctypes.c_char_p]

nullable = 2


class Column:
    """A column over memory of its own, which lives as long as this object."""

    def __init__(self, told):
        buffers = [None if text is None else base64.b64decode(text) for text in told["buffers"]]
        self.memory = [None if text is None else ctypes.create_string_buffer(text, max(len(text), 1)) for text in buffers]
        pointers = [None if memory is None else ctypes.addressof(memory) for memory in self.memory]
        self.pointers = (ctypes.c_void_p * len(pointers))(*pointers)
        self.children = [Column(child) for child in told["children"]]
        count = len(self.children)
        self.schemas = (ctypes.POINTER(Schema) * max(count, 1))(*[ctypes.pointer(it.schema) for it in self.children])
        self.arrays = (ctypes.POINTER(Array) * max(count, 1))(*[ctypes.pointer(it.array) for it in self.children])
        self.schema = Schema(
            format=told["format"].encode(),
            name=told["name"].encode(),
            flags=nullable,
            n_children=count,
            children=self.schemas,
            release=release_schema,
        )
        self.array = Array(
            length=told["length"],
            null_count=-1 if pointers[0] else 0,
            n_buffers=len(pointers),
            n_children=count,
            buffers=self.pointers,
            children=self.arrays,
            release=release_array,
        )

    def __arrow_c_array__(self, requested_schema=None):
        return (
            new_capsule(ctypes.addressof(self.schema), b"arrow_schema", None),
            new_capsule(ctypes.addressof(self.array), b"arrow_array", None),
        )


widths = {"c": 1, "C": 1, "s": 2, "S": 2, "i": 4, "I": 4, "f": 4, "tdD": 4, "l": 8, "L": 8, "g": 8, "tsu:": 8, "tsu:UTC": 8}


def told_column(schema, array):
    format, rows = schema.format.decode(), array.length
    offsets = format in ("u", "z", "+l")
    sizes = [math.ceil(rows / 8)]
    if offsets:
        sizes.append(4 * (rows + 1))
    elif format == "b":
        sizes.append(math.ceil(rows / 8))
    elif format != "+s":
        sizes.append(rows * (16 if format.startswith("d:") else widths[format]))
    buffers = [read(array, index, size) for index, size in enumerate(sizes)]
    if format in ("u", "z"):
        buffers.append(read(array, 2, int.from_bytes(buffers[1][-4:], "little")))
    return {
        "format": format,
        "name": (schema.name or b"").decode(),
        "length": rows,
        "buffers": [None if buffer is None else base64.b64encode(buffer).decode() for buffer in buffers],
        "children": [
            told_column(schema.children[index].contents, array.children[index].contents)
            for index in range(schema.n_children)
        ],
    }


def read(array, index, size):
    start = array.buffers[index]
    if start:
        return ctypes.string_at(start + 0, size)
    return None if index == 0 else b""


integers = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
epoch = datetime.date(1970, 1, 1)


def to_python(value, kind):
    """A value as the Python door takes it."""
    if value is None or kind == "bool":
        return value
    if isinstance(kind, dict):
        if "decimal" in kind:
            return decimal.Decimal(value)
        if "list" in kind:
            return [to_python(item, kind["list"]["type"]) for item in value]
        return tuple(to_python(value[field["name"]], field["type"]) for field in kind["fields"])
    if kind in integers:
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "bytes":
        return bytes.fromhex(value)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(value[:-1]).replace(tzinfo=datetime.timezone.utc)
    if kind == "local_timestamp":
        return datetime.datetime.fromisoformat(value)
    return value


def from_python(value, kind):
    """What a call gave, in JSON; readValue in notation.ts reads it."""
    if value is None or kind == "bool":
        return value
    if isinstance(kind, dict):
        if "decimal" in kind:
            return format(value, "f")
        if "list" in kind:
            return [from_python(item, kind["list"]["type"]) for item in value]
        return {field["name"]: from_python(item, field["type"]) for field, item in zip(kind["fields"], value)}
    if kind in integers:
        return str(value)
    if kind in ("float", "double"):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return "-0" if value == 0 and math.copysign(1, value) < 0 else value
    if kind == "bytes":
        return value.hex()
    if kind == "date":
        return value.isoformat()
    if kind == "timestamp":
        return value.replace(tzinfo=None).isoformat() + "Z"
    if kind == "local_timestamp":
        return value.isoformat()
    return value


class Host:
    def __init__(self, opening):
        loader = importlib.machinery.ExtensionFileLoader(opening["module"], opening["artifact"])
        spec = importlib.util.spec_from_file_location(opening["module"], opening["artifact"], loader=loader)
        self.door = importlib.util.module_from_spec(spec)
        loader.exec_module(self.door)
        self.functions = opening["functions"]
        for name, path in opening["configs"].items():
            self.door.configure(name, path)
        self.door.watch(opening["crashes"])
        self.door.prepare()

    def answer(self, request):
        index = request["index"]
        described = self.functions[index]
        if request["do"] == "call":
            kinds = [argument["type"] for argument in described["arguments"]]
            values = [to_python(value, kind) for value, kind in zip(request["values"], kinds)]
            return {"value": from_python(self.door.call(index, *values), described["result"]["type"])}
        schema, array = self.door.columns(index, *[Column(told) for told in request["columns"]])
        return {
            "column": told_column(
                Schema.from_address(open_capsule(schema, b"arrow_schema")),
                Array.from_address(open_capsule(array, b"arrow_array")),
            )
        }


def main():
    answers = os.fdopen(3, "w", encoding="utf-8")
    host = None
    for line in sys.stdin:
        try:
            if host is None:
                host, answer = Host(json.loads(line)), {"ready": True}
            else:
                answer = host.answer(json.loads(line))
        except Exception as error:
            answer = {
                "error": {
                    "code": getattr(error, "code", ""),
                    "message": str(error),
                    "frames": list(getattr(error, "frames", [])),
                }
            }
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


main()
