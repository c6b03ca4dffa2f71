"""Calls one function of an artifact as a host would; prints what it threw, as JSON.

argv: the module's name, the artifact, the function's index, its argument, the file of `watch` or an empty text, and
when faulthandler is enabled: `never`, `before` the artifact is loaded and watched, or `after` that.
"""

import ctypes
import faulthandler
import importlib.machinery
import importlib.util
import json
import sys

name, file, index, argument, crashes, enabled = sys.argv[1:]


def caught_signals():
    with open("/proc/self/status") as status:
        return next(line.split()[1] for line in status if line.startswith("SigCgt"))


before = caught_signals()
if enabled == "before":
    faulthandler.enable()
loader = importlib.machinery.ExtensionFileLoader(name, file)
module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, file, loader=loader))
loader.exec_module(module)
if crashes:
    module.watch(crashes)
if enabled == "after":
    faulthandler.enable()
try:
    module.call(int(index), float(argument))
    error = None
except module.RowError as thrown:
    error = {"message": str(thrown), "function": thrown.function, "frames": thrown.frames}
json.dump({"error": error, "sameSignals": caught_signals() == before}, sys.stdout)
