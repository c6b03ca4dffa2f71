"""Finds what of a function cannot be sent to the executors, and says it in plain words."""

import builtins
import functools
import os
import types

# Types that hold on to something of this process, by module and name.
_plain = {
    "_thread.lock": "a lock",
    "_thread.RLock": "a lock",
    "builtins.generator": "a generator",
    "builtins.async_generator": "a generator",
    "builtins.coroutine": "a coroutine",
    "_io.TextIOWrapper": "an open file",
    "_io.BufferedReader": "an open file",
    "_io.BufferedWriter": "an open file",
    "_io.BufferedRandom": "an open file",
    "_io.FileIO": "an open file",
    "socket.socket": "a socket",
    "ctypes.CDLL": "a library opened with ctypes",
    "sqlite3.Connection": "a connection to a database",
    "builtins.frame": "a running call",
    "builtins.traceback": "a traceback",
    "builtins.memoryview": "a view of another object's memory",
}
_of_driver = {
    "SparkSession": "the Spark session",
    "SparkContext": "the Spark context",
    "DataFrame": "a data frame of Spark",
    "RDD": "an RDD",
}
_most = 2000


def culprit(value, dump):
    """What of `value` cannot be dumped and where it hangs, in one line; None where no part of it alone is to blame."""
    search = _Search(dump)
    return search.told(value, _Place(None, ""))


class _Place:
    """How a value is reached: the author's function that uses it, and the expression there."""

    def __init__(self, function, path):
        self.function = function
        self.path = path

    def then(self, more):
        # what is reached before a function of the author's is Spark's own business
        return _Place(self.function, self.path + more if self.path else "")


class _Search:
    def __init__(self, dump):
        self._dump = dump
        self._tried = {}

    def told(self, value, place):
        if isinstance(value, types.FunctionType) and not _is_library(value):
            place = _Place(value, "")
        owner = _spark_owned(value)
        if owner is None:
            for child, inner in _parts(value, place):
                if self._fails(child):
                    found = self.told(child, inner)
                    if found is not None:
                        return found
        return _sentence(place, owner or _kind(value)) if place.path else None

    def _fails(self, value):
        """Once for each value: a ring of objects has no end."""
        if id(value) in self._tried or len(self._tried) > _most:
            return False
        self._tried[id(value)] = value
        try:
            self._dump(value)
            return False
        except Exception:  # noqa: BLE001 - whatever it is, it does not go
            return True


def _sentence(place, kind):
    function = place.function
    code = function.__code__
    where = f"{os.path.basename(code.co_filename)}:{code.co_firstlineno}"
    name = function.__qualname__.replace("<locals>.", "")
    called = name if name.endswith("<lambda>") else f"{name}()"
    return f"{called} ({where}) uses {place.path}, {kind}, which cannot be sent to the executors"


def _kind(value):
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    for base in kind.__mro__:
        plain = _plain.get(f"{base.__module__}.{base.__qualname__}")
        if plain:
            return plain
    if isinstance(value, types.ModuleType):
        return "a module"
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return "a function"
    if isinstance(value, type):
        return f"the class {value.__qualname__}"
    return f"an object of {name.removeprefix('builtins.').removeprefix('__main__.')}"


def _spark_owned(value):
    kind = type(value)
    return _of_driver.get(kind.__name__) if kind.__module__.startswith("pyspark.") else None


def _is_library(function):
    path = function.__code__.co_filename
    return f"{os.sep}pyspark{os.sep}" in path or "pyspark.zip" in path


def _parts(value, place):
    """The values that a value is made of, as far as cloudpickle follows them."""
    if isinstance(value, types.FunctionType):
        yield from _of_function(value, place)
    elif isinstance(value, types.MethodType):
        if not _is_library(value.__func__):
            place = _Place(value.__func__, "self")
            yield value.__self__, place
            place = _Place(value.__func__, "")
        else:
            yield value.__self__, place
        yield value.__func__, place
    elif isinstance(value, dict):
        for key, each in list(value.items()):
            yield each, place.then(f"[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for index, each in enumerate(value):
            yield each, place.then(f"[{index}]")
    elif isinstance(value, (set, frozenset)):
        for each in value:
            yield each, place
    elif isinstance(value, types.ModuleType):
        for name, each in list(vars(value).items()):
            if not name.startswith("__"):
                yield each, place.then(f".{name}")
    elif isinstance(value, type):
        for name, each in list(vars(value).items()):
            each = getattr(each, "__func__", each)
            if name not in ("__dict__", "__weakref__"):
                yield each, place.then(f".{name}")
    else:
        yield from _of_object(value, place)


def _of_function(function, place):
    own = not _is_library(function)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            yield cell.cell_contents, _Place(function, name) if own else place
        except ValueError:
            pass  # not assigned yet
    if own:
        for name in _names(function.__code__):
            if name in function.__globals__ and not hasattr(builtins, name):
                yield function.__globals__[name], _Place(function, name)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    for name, each in zip(names[len(names) - len(defaults) :], defaults):
        yield each, _Place(function, f"{name}'s default") if own else place
    for name, each in (function.__kwdefaults__ or {}).items():
        yield each, _Place(function, f"{name}'s default") if own else place


def _names(code):
    """What a function names, its inner functions among them."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _of_object(value, place):
    if isinstance(value, functools.partial):
        function = value.func if isinstance(value.func, types.FunctionType) else place.function
        yield value.func, place
        for name, each in [*enumerate(value.args), *value.keywords.items()]:
            yield each, _Place(function, f"argument {name} of its functools.partial") if function else place
    state = None
    if hasattr(type(value), "__getstate__"):
        try:
            state = value.__getstate__()  # the author may leave out what cannot be sent
        except Exception:  # noqa: BLE001 - its own attributes tell
            pass
    if isinstance(state, tuple) and len(state) == 2:  # with slots
        state = {**(state[0] or {}), **(state[1] or {})}
    if not isinstance(state, dict):
        state = getattr(value, "__dict__", {})
    for name, each in list(state.items()):
        yield each, place.then(f".{name}" if str(name).isidentifier() else f"[{name!r}]")
