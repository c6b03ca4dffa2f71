"""What Spark is given of the author's functions: their own modules travel with them, and what cannot travel is named."""

import functools
import os
import pickle
import sys

from pyspark import cloudpickle
from unsendable import culprit

# folders of installed packages, also where a virtual environment lies beside the author's files
_installed = ("site-packages", "dist-packages")


class Sending:
    """Stands before cloudpickle, which Spark makes bytes of functions with."""

    def __init__(self, folders, stubs):
        """`folders`: of the author's sources. `stubs`: of the Python stubs, whose functions are columns on the executors."""
        self._folders = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)
        self._stubs = tuple(os.path.join(os.path.realpath(folder), "") for folder in stubs)
        self._seen = set()
        self._of_stubs = {}
        self._dumps = cloudpickle.dumps

    def install(self):
        @functools.wraps(self._dumps)
        def dumps(value, *rest, **named):
            self._register()
            try:
                data = self._dumps(value, *rest, **named)
            except Exception:  # noqa: BLE001 - whatever it is, what could not be sent is told
                found = culprit(value, lambda part: self._dumps(part, *rest, **named))
                if found is None:
                    raise
                raise pickle.PicklingError(found) from None
            self._refuse_stubs(data)
            return data

        cloudpickle.dumps = dumps

    def _register(self):
        """Modules of the author's that were imported since the last time go by value: executors have no file of them."""
        for name, module in list(sys.modules.items()):
            if name in self._seen or name == "__main__":
                continue
            self._seen.add(name)
            if self._is_below(module, self._stubs):
                self._of_stubs[name] = module
            elif self._is_own(module) and os.path.basename(module.__file__) not in _sent_files():
                cloudpickle.register_pickle_by_value(module)

    def _is_own(self, module):
        if not self._is_below(module, self._folders) or not module.__file__.endswith(".py"):
            return False
        return not any(part in _installed for part in module.__file__.split(os.sep))

    def _is_below(self, module, folders):
        path = getattr(module, "__file__", None)
        return bool(path) and os.path.realpath(path).startswith(folders)

    def _refuse_stubs(self, data):
        """A function of a stub needs the artifact in its process: on executors it is a column."""
        for name, module in self._of_stubs.items():
            if name.encode() not in data or not _refers(data, name):
                continue
            if os.path.basename(module.__file__) in _sent_files():
                continue
            what = f"the functions of {name} belong to this process, and executors have them as columns only"
            raise pickle.PicklingError(f"{what}: from {name} import spark, and give spark.<function>(…) columns")


def _sent_files():
    """Names of the files that the author has sent: executors import these by themselves."""
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    return () if context is None else {os.path.basename(each) for each in context.listFiles}


def _refers(data, module):
    """Whether a pickle names a module, or something in it."""
    import pickletools

    texts, memo = [None, None], []
    for code, argument, _ in pickletools.genops(data):
        if code.name in ("PROTO", "FRAME"):
            continue
        if code.name == "MEMOIZE":
            memo.append(texts[-1])
            continue
        if code.name in ("SHORT_BINUNICODE", "BINUNICODE"):
            text = argument
        elif code.name in ("BINGET", "LONG_BINGET"):
            text = memo[argument]
        elif code.name == "STACK_GLOBAL" and texts[-2] == module:
            return True
        else:
            # what cloudpickle has in place of a module: a call of its own with the name
            text = _import if code.name == "STACK_GLOBAL" and texts[-1] == "subimport" else None
        if text == module and texts[-1] is _import:
            return True
        texts = [texts[-1], text]
    return False


_import = object()
