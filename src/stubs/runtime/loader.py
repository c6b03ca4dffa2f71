import collections as _collections
import hashlib as _hashlib
import importlib.machinery as _machinery
import importlib.util as _import_util
import json as _json
import os as _os
import platform as _platform
import sys as _sys
import sysconfig as _sysconfig
import threading as _threading
import time as _time
import warnings as _warnings


class ArtifactError(ImportError):
    """The artifact is missing, or is not the one that this stub was made for."""


class _Module:
    """Opens one artifact: at most once in a process, however many copies of its stub there are."""

    def __init__(self, name, file, sha256, interface_hash, platform, places, configs, variant=""):
        self._name = name
        self._file = file
        self._sha256 = sha256
        self._interface_hash = interface_hash
        self._platform = platform
        self._places = places
        self._configs = configs
        # tells copies of the artifact apart that have other configs
        self._variant = variant
        # what load() was given, which Spark is sent too
        self._given = (None, {})
        self._lock = _threading.Lock()
        self._native = None

    def native(self):
        """The loaded artifact; loads it from the default places if nobody has."""
        native = self._native
        if native is None:
            self.load(None, None)
            native = self._native
        return native

    def load(self, artifact, configs):
        key = f"native_udf.{self._name}_{self._sha256[:12]}{self._variant}"
        with self._lock:
            self._given = (artifact or self._given[0], {**self._given[1], **(configs or {})})
            native = _sys.modules.get(key)
            if native is None:
                native = self._open(self._find() if artifact is None else _os.path.abspath(artifact))
                native.configured = set()
                _sys.modules[key] = native
            for name, path in (configs or {}).items():
                native.configure(name, _os.path.abspath(path))
                native.configured.add(name)
            for name, path in self._configs.items():
                # another copy of the stub, or an earlier load, may have named another place
                if name not in native.configured:
                    native.configure(name, path)
                    native.configured.add(name)
            self._native = native
        return native

    def _find(self):
        tried = [_os.path.join(folder, self._file) for folder in self._places]
        for path in tried:
            if _os.path.exists(path):
                return path
        raise self._refusal(tried[0], f"it is not there, nor in {', '.join(self._places[1:])}")

    def _open(self, path):
        found = _host()
        if found != self._platform:
            raise self._refusal(path, f"it was built for {self._platform}, and this is {found}")
        if _sysconfig.get_config_var("Py_GIL_DISABLED"):
            what = "this Python is a free-threaded build, which loads no extension of the stable ABI"
            raise self._refusal(path, what, "Run it with the usual build of Python.")
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as cause:
            raise self._refusal(path, f"it cannot be read ({cause.strerror})") from cause
        if content[:4] != b"\x7fELF":
            raise self._refusal(path, "it is no shared object")
        digest = _hashlib.sha256(content).hexdigest()
        if digest != self._sha256:
            what = f"its sha256 begins with {digest[:12]}, so it is not the artifact that this stub was made for"
            raise self._refusal(path, what)
        # the symbol PyInit_<name> is found by the last part of the spec's name
        loader = _machinery.ExtensionFileLoader(self._name, path)
        spec = _import_util.spec_from_file_location(self._name, path, loader=loader)
        try:
            native = _import_util.module_from_spec(spec)
            loader.exec_module(native)
        except ImportError as cause:
            raise self._refusal(path, f"it cannot be loaded ({cause})") from cause
        if _interface_hash(_json.loads(native.describe())) != self._interface_hash:
            what = f"the functions of {self._name} are not those that this stub was made for"
            raise self._refusal(path, what)
        return native

    def _refusal(self, path, what, action=None):
        usual = f'Run "native-udf stubs" in the module {self._name}, and ship stub and artifact together.'
        return ArtifactError(f"{path}: {what}. Expected {self._file}. {action or usual}", path=path)


def _host():
    """Operating system and processor as Node names them, such as linux-x64."""
    processors = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    processor = _platform.machine().lower()
    return f"{_sys.platform}-{processors.get(processor, processor)}"


def _interface_hash(description):
    def type_of(kind):
        if isinstance(kind, str):
            return kind
        if "decimal" in kind:
            return ["decimal", kind["decimal"]["precision"], kind["decimal"]["scale"]]
        if "list" in kind:
            return ["list", type_of(kind["list"]["type"]), kind["list"]["nullable"]]
        return [kind["struct"], [field_of(field) for field in kind["fields"]]]

    def field_of(field):
        return [field["name"], type_of(field["type"]), field["nullable"]]

    functions = [
        [
            function["name"],
            function["kind"],
            [field_of(each) + (["may be left out"] if "default" in each else []) for each in function["arguments"]],
            type_of(function["result"]["type"]),
            function["result"]["nullable"],
            function.get("config"),
        ]
        for function in description["functions"]
    ]
    text = _json.dumps(functions, separators=(",", ":"), ensure_ascii=False)
    return _hashlib.sha256(text.encode()).hexdigest()


class _ArrowColumn:
    """A result column that any Arrow library takes, without a copy (the Arrow PyCapsule interface)."""

    def __init__(self, capsules):
        self._capsules = capsules

    def __arrow_c_array__(self, requested_schema=None):
        capsules, self._capsules = self._capsules, None
        if capsules is None:
            raise ValueError("this column has been taken: its memory can be handed over once")
        return capsules


def _column(capsules):
    column = _ArrowColumn(capsules)
    try:
        import pyarrow
    except ImportError:
        return column
    return pyarrow.array(column)


def _given(*columns):
    """The columns before the first that is left out; a later one cannot be given then."""
    count = next((index for index, column in enumerate(columns) if column is None), len(columns))
    if any(column is not None for column in columns[count:]):
        raise TypeError("an argument cannot be left out when a later one is given")
    return columns[:count]


def _record(kind, *makers):
    """Makes a named tuple of a tuple; each field by its maker, if it has one."""

    def make(values):
        if values is None:
            return None
        return kind(*(value if maker is None else maker(value) for maker, value in zip(makers, values)))

    return make


def _each(maker):
    return lambda values: None if values is None else [maker(value) for value in values]
