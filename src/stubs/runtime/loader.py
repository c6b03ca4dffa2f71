import collections as _collections
import hashlib as _hashlib
import importlib.machinery as _machinery
import importlib.util as _import_util
import json as _json
import os as _os
import sys as _sys
import sysconfig as _sysconfig


class ArtifactError(ImportError):
    """The artifact is missing, or is not the one that this stub was made for."""


class _Module:
    """Opens one artifact: at most once in a process, however often a stub of it is imported."""

    def __init__(self, name, file, sha256, interface_hash, places, configs):
        self._name = name
        self._file = file
        self._sha256 = sha256
        self._interface_hash = interface_hash
        self._places = places
        self._configs = configs
        self._native = None

    def native(self):
        if self._native is None:
            self.load(None, None)
        return self._native

    def load(self, artifact, configs):
        key = f"native_udf.{self._name}_{self._sha256[:12]}"
        native = _sys.modules.get(key)
        if native is None:
            native = self._open(_os.path.abspath(artifact) if artifact else self._find())
            _sys.modules[key] = native
        for name, path in {**self._configs, **(configs or {})}.items():
            native.configure(name, _os.path.abspath(path))
        self._native = native

    def _find(self):
        tried = [_os.path.join(folder, self._file) for folder in self._places]
        for path in tried:
            if _os.path.exists(path):
                return path
        raise self._refusal(tried[0], f"it is not there, nor in {', '.join(self._places[1:])}")

    def _open(self, path):
        if _sysconfig.get_config_var("Py_GIL_DISABLED"):
            raise self._refusal(path, "this Python has no global interpreter lock and loads no stable-ABI modules")
        try:
            with open(path, "rb") as file:
                digest = _hashlib.sha256(file.read()).hexdigest()
        except OSError as cause:
            raise self._refusal(path, f"it cannot be read ({cause.strerror})") from cause
        if digest != self._sha256:
            what = f"it is not the artifact that this stub was made for: its digest is {digest[:12]}"
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

    def _refusal(self, path, what):
        action = f'Run "native-udf stubs" in the module {self._name}, and ship stub and artifact together.'
        return ArtifactError(f"{path}: {what}. Expected {self._file}. {action}")


def _interface_hash(description):
    def type_of(kind):
        if isinstance(kind, str):
            return kind
        return [kind["struct"], [[field["name"], field["type"], field["nullable"]] for field in kind["fields"]]]

    functions = [
        [
            function["name"],
            function["kind"],
            [[each["name"], each["type"], each["nullable"]] for each in function["arguments"]],
            type_of(function["result"]["type"]),
            function["result"]["nullable"],
            function.get("config"),
        ]
        for function in description["functions"]
    ]
    text = _json.dumps(functions, separators=(",", ":"), ensure_ascii=False)
    return _hashlib.sha256(text.encode()).hexdigest()


class ArrowArray:
    """A result column that any Arrow library takes, without a copy (the Arrow PyCapsule interface)."""

    def __init__(self, capsules):
        self._capsules = capsules

    def __arrow_c_array__(self, requested_schema=None):
        capsules, self._capsules = self._capsules, None
        if capsules is None:
            raise ValueError("an ArrowArray can be taken once")
        return capsules


def _column(capsules):
    array = ArrowArray(capsules)
    pyarrow = _pyarrow()
    return array if pyarrow is None else pyarrow.array(array)


def _pyarrow():
    try:
        import pyarrow
    except ImportError:
        return None
    return pyarrow
