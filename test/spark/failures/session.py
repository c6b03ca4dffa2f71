"""Runs scripts that fail, one after the other in one session of Spark, and keeps what is written of each.

Standard error is marked where a script begins; exceptions and what executors wrote go into files of the script's folder.
"""

import glob
import json
import os
import sys
import time
import traceback
import types

# what Spark writes after the exception has reached the driver
_settle_seconds = 1.5


def _run(case):
    """Runs a script as Python does, in a module __main__ of its own; gives what it raised."""
    path = os.path.join(case["folder"], "script.py")
    with open(path, encoding="utf-8") as file:
        source = file.read()
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.path.insert(0, case["folder"])
    before = set(sys.modules)
    name = case["as"] or path
    try:
        exec(compile(source, name, "exec"), module.__dict__)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is recorded
        calls = error.__traceback__
        while calls is not None and calls.tb_frame.f_code.co_filename != name:
            calls = calls.tb_next
        return error.with_traceback(calls)
    finally:
        sys.path.remove(case["folder"])
        for other in set(sys.modules) - before:
            own = getattr(sys.modules[other], "__file__", None) or ""
            if own.startswith((case["folder"], *sys.path[:1])):
                del sys.modules[other]
    return RuntimeError("the script did not fail")


def _sizes(pattern):
    return {path: os.path.getsize(path) for path in sorted(glob.glob(pattern))}


def _added(pattern, before):
    """What each file has more than before."""
    for path, size in _sizes(pattern).items():
        begin = before.get(path, 0)
        if size > begin:
            with open(path, "rb") as file:
                file.seek(begin)
                yield file.read().decode("utf-8", "replace")


def _main():
    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("failures")
    if asked["connect"]:
        os.environ["SPARK_REMOTE"] = asked["connect"]
        builder = builder.remote(asked["connect"])
    for name, value in asked["settings"].items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    sys.path.insert(0, asked["stubs"])
    for case in asked["cases"]:
        before = _sizes(asked["executors"])
        print(f"\n=== {case['name']}", file=sys.stderr, flush=True)
        error = _run(case)
        time.sleep(_settle_seconds)
        sys.stdout.flush()
        traceback.print_exception(error)
        print("\n=== ", file=sys.stderr, flush=True)
        with open(os.path.join(case["folder"], "exception.txt"), "w", encoding="utf-8") as file:
            file.write(f"{error}\n")
        for number, text in enumerate(_added(asked["executors"], before)):
            with open(os.path.join(case["folder"], f"executor-{number}.stderr.log"), "w", encoding="utf-8") as file:
                file.write(text)
        for query in session.streams.active:
            query.stop()
        session.sql("RESET")
    session.stop()


if __name__ == "__main__":
    _main()
