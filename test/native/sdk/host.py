"""Calls an artifact's Python and C doors as a host would, with nothing but the standard library.

argv: the module's name, the artifact. Standard input: a JSON list of requests; standard output: a JSON list of answers.
Floating-point numbers cross as the text of float.hex(), 64-bit integers as text.

An Arrow array is {"format", "length", "name"?, "offset"?, "nulls"?, "buffers": [hex | null], "children"?: int | [array | null],
"dictionary"?: true | array, "released"?: true}; the buffers are laid out by the test, so that malformed ones can be made too.
"""

import ctypes
import importlib.machinery
import importlib.util
import json
import struct
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


class Error(ctypes.Structure):
    pass


ReleaseError = ctypes.CFUNCTYPE(None, ctypes.POINTER(Error))
Error._fields_ = [
    ("message", ctypes.c_char_p),
    ("subject", ctypes.c_char_p),
    ("row", ctypes.c_int64),
    ("release", ReleaseError),
]

released = {"schemas": 0, "arrays": 0}


@ReleaseSchema
def release_schema(schema):
    released["schemas"] += 1
    schema.contents.release = ReleaseSchema()


@ReleaseArray
def release_array(array):
    released["arrays"] += 1
    array.contents.release = ReleaseArray()


new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
open_capsule = ctypes.pythonapi.PyCapsule_GetPointer
open_capsule.restype = ctypes.c_void_p
open_capsule.argtypes = [ctypes.py_object, ctypes.c_char_p]


class ArrowArray:
    """An Arrow array over buffers that a test laid out."""

    def __init__(self, spec):
        texts = [None if text is None else bytes.fromhex(text) for text in spec["buffers"]]
        self.memory = [None if text is None else ctypes.create_string_buffer(text, max(len(text), 1)) for text in texts]
        pointers = [None if memory is None else ctypes.addressof(memory) for memory in self.memory]
        self.pointers = (ctypes.c_void_p * max(len(pointers), 1))(*pointers)
        given = spec.get("children", 0)
        children = given if isinstance(given, int) else len(given)
        self.schema = Schema(
            format=spec["format"].encode(),
            name=spec.get("name", "").encode(),
            n_children=children,
            release=release_schema,
        )
        self.array = Array(
            length=spec["length"],
            null_count=spec.get("nulls", -1),
            offset=spec.get("offset", 0),
            n_buffers=len(pointers),
            n_children=children,
            buffers=self.pointers,
            release=release_array,
        )
        if isinstance(given, list):
            self.inner = [None if child is None else ArrowArray(child) for child in given]
            schemas = [child and ctypes.pointer(child.schema) for child in self.inner]
            arrays = [child and ctypes.pointer(child.array) for child in self.inner]
            self.schema.children = (ctypes.POINTER(Schema) * max(children, 1))(*schemas)
            self.array.children = (ctypes.POINTER(Array) * max(children, 1))(*arrays)
        if isinstance(spec.get("dictionary"), dict):
            self.words = ArrowArray(spec["dictionary"])
            self.schema.dictionary = ctypes.pointer(self.words.schema)
            self.array.dictionary = ctypes.pointer(self.words.array)
        elif spec.get("dictionary"):
            self.schema.dictionary = ctypes.pointer(Schema(format=b"u"))
        if spec.get("released"):
            self.array.release = ReleaseArray()

    def __arrow_c_array__(self, requested_schema=None):
        return (
            new_capsule(ctypes.addressof(self.schema), b"arrow_schema", None),
            new_capsule(ctypes.addressof(self.array), b"arrow_array", None),
        )


def bit(memory, index):
    return memory[index // 8] >> (index % 8) & 1


def read(array, index, kind):
    """A whole buffer as a list of bytes-like values would need its size; so values are read one by one."""
    size = struct.calcsize(kind)
    return struct.unpack("<" + kind, ctypes.string_at(array.buffers[1] + index * size, size))[0]


def value(schema, array, index):
    if array.buffers[0] and not bit(ctypes.string_at(array.buffers[0], index // 8 + 1), index):
        return None
    format = schema.format.decode()
    if format == "+s":
        return [
            value(schema.children[child].contents, array.children[child].contents, index)
            for child in range(schema.n_children)
        ]
    if format == "b":
        return bool(bit(ctypes.string_at(array.buffers[1], index // 8 + 1), index))
    if format == "u":
        first, last = read(array, index, "i"), read(array, index + 1, "i")
        return ctypes.string_at(array.buffers[2] + first, last - first).decode()
    return encode(read(array, index, {"i": "i", "l": "q", "f": "f", "g": "d"}[format]), format)


def result(schema, array):
    answer = {
        "format": schema.format.decode(),
        "nulls": array.null_count,
        "children": [
            [schema.children[child].contents.name.decode(), schema.children[child].contents.format.decode()]
            for child in range(schema.n_children)
        ],
        "values": [value(schema, array, index) for index in range(array.length)],
    }
    schema.release(ctypes.byref(schema))
    array.release(ctypes.byref(array))
    answer["released"] = not schema.release and not array.release
    return answer


def encode(value, format=None):
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and format != "i":
        return str(value)
    return value


def decode(value):
    """Arguments: {"float": hex text}, {"int": text}, {"object": anything} or plain JSON."""
    if isinstance(value, dict) and "float" in value:
        return float.fromhex(value["float"])
    if isinstance(value, dict) and "int" in value:
        return int(value["int"])
    if isinstance(value, dict) and "object" in value:
        return object()
    return value


class PythonDoor:
    def __init__(self, name, file):
        loader = importlib.machinery.ExtensionFileLoader(name, file)
        spec = importlib.util.spec_from_file_location(name, file, loader=loader)
        self.module = importlib.util.module_from_spec(spec)
        loader.exec_module(self.module)

    def columns(self, index, arrays):
        arrays = [ArrowArray(spec) if isinstance(spec, dict) else spec for spec in arrays]
        schema, array = self.module.columns(index, *arrays)
        return result(
            Schema.from_address(open_capsule(schema, b"arrow_schema")),
            Array.from_address(open_capsule(array, b"arrow_array")),
        )


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error.message.decode())
        self.code = ["", "UDF_USAGE_ERROR", "UDF_ROW_ERROR", "UDF_CONFIG_ERROR", "UDF_MODULE_ERROR"][status]
        self.subject = error.subject.decode()
        self.row = error.row
        error.release(ctypes.byref(error))


class CDoor:
    def __init__(self, file):
        self.library = ctypes.CDLL(file)

    def check(self, status, error):
        if status != 0:
            raise Refused(status, error)

    def describe(self):
        error, text = Error(), ctypes.c_char_p()
        self.check(self.library.udf_describe(ctypes.byref(text), ctypes.byref(error)), error)
        return text.value.decode()

    def configure(self, name, path):
        error = Error()
        self.check(self.library.udf_configure(name.encode(), path.encode(), ctypes.byref(error)), error)

    def prepare(self):
        error = Error()
        self.check(self.library.udf_prepare(ctypes.byref(error)), error)

    def frames(self):
        addresses = ctypes.POINTER(ctypes.c_uint64)()
        call = self.library.udf_error_frames
        call.restype = ctypes.c_int64
        count = call(ctypes.byref(addresses))
        return addresses[:count]

    def watch(self, path):
        error = Error()
        self.check(self.library.udf_watch(path.encode(), ctypes.byref(error)), error)

    def columns(self, index, arrays):
        arrays = [None if spec is None else ArrowArray(spec) for spec in arrays]
        count = len(arrays)
        schemas = (ctypes.POINTER(Schema) * max(count, 1))(*[it and ctypes.pointer(it.schema) for it in arrays])
        pointers = (ctypes.POINTER(Array) * max(count, 1))(*[it and ctypes.pointer(it.array) for it in arrays])
        error, schema, array = Error(), Schema(), Array()
        call = self.library.udf_call_arrow
        call.argtypes = [ctypes.c_int64, ctypes.c_int64] + [ctypes.c_void_p] * 5
        status = call(
            index,
            count,
            schemas,
            pointers,
            ctypes.byref(schema),
            ctypes.byref(array),
            ctypes.byref(error),
        )
        self.check(status, error)
        return result(schema, array)


def answer(doors, request):
    door = doors[request.get("door", "python")]
    what = request["do"]
    try:
        if what == "columns":
            return {"result": door.columns(request["index"], request["arrays"])}
        if what == "call":
            return {"result": encode(door.module.call(request["index"], *map(decode, request["arguments"])))}
        target = door if isinstance(door, CDoor) else door.module
        return {"result": getattr(target, what)(*request.get("arguments", []))}
    except Exception as error:
        names = ["code", "function", "config", "row", "subject"]
        return {
            "error": {
                "type": type(error).__name__,
                "message": str(error),
                **{name: getattr(error, name) for name in names if hasattr(error, name)},
            }
        }


def main():
    name, file = sys.argv[1:]
    doors = {"python": PythonDoor(name, file), "c": CDoor(file)}
    json.dump([answer(doors, request) for request in json.load(sys.stdin)], sys.stdout)


main()
