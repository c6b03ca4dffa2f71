"""A job of two statements, or a script, in a session."""

import importlib
import os
import runpy
import sys

from sending import Sending
from storage import Storage


def describe(spark, address):
    """The schema of Parquet at an address, as Spark writes it."""
    return spark.read.parquet(address).schema.jsonValue()


def plan_job(spark, work, storage):
    """What `map` and `reduce` mean: of the rows nothing is computed yet, but Spark looks at the input's columns."""
    for module in work["modules"]:
        importlib.import_module(module).spark.register(spark)
    rows = spark.read.parquet(*work["input"])
    if storage is not None:
        storage.refuse_input(rows)
    if work["sampleRows"] is not None:
        rows = rows.limit(work["sampleRows"])
    rows.createOrReplaceTempView("input")
    result = spark.sql(work["map"])
    if work["reduce"] is not None:
        result.createOrReplaceTempView("mapped")
        result = spark.sql(work["reduce"])
    return result


def write_job(result, storage, output):
    """Computes the result as a folder of Parquet."""
    if storage is None:
        result.write.mode("overwrite").parquet(output["address"])
    else:
        storage.compute(result)


def storage_of(spark, work):
    """The storage that the result goes to; None for a folder of this machine."""
    output = work["output"]
    return Storage(spark, output) if output["kind"] == "storage" else None


def run_script(path, stubs):
    """Runs an author's script as the main program: it makes its session by itself, which is this one."""
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    Sending([os.path.dirname(path), os.getcwd()], stubs).install()
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        # sys.exit(main()) is a usual end
        if end.code not in (None, 0):
            raise
