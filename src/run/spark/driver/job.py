"""A job of two statements, or a script, in a session."""

import importlib
import os
import runpy
import sys

from sending import Sending


def run_job(spark, request):
    """Computes `map` and `reduce`, and writes the result as a folder of parts."""
    for module in request["modules"]:
        importlib.import_module(module).spark.register(spark)
    rows = spark.read.parquet(*request["files"])
    if request["sampleRows"] is not None:
        rows = rows.limit(request["sampleRows"])
    rows.createOrReplaceTempView("input")
    result = spark.sql(request["map"])
    if request["reduce"] is not None:
        result.createOrReplaceTempView("mapped")
        result = spark.sql(request["reduce"])
    result.write.mode("overwrite").parquet(request["parts"])


def run_script(request):
    """Runs an author's script as the main program: it makes its session by itself, which is this one."""
    path = request["script"]
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    Sending([os.path.dirname(path), os.getcwd()], request["stubs"]).install()
    runpy.run_path(path, run_name="__main__")
