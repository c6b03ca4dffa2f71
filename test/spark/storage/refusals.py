"""A result in a storage, step by step in one session: refusals.py <folder of the driver>."""

import os
import sys

sys.path.insert(0, sys.argv[1])

from pyspark.sql import SparkSession
from storage import Refused, Storage

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
here = os.getcwd()
address = f"file://{here}"
spark.range(1).write.parquet(f"{address}/taken/")
os.makedirs("mixed")
for name in ("mixed/notes.txt", "file"):
    open(name, "w").close()


def storage(output, overwrite=False, run="r1", kind=Storage):
    return kind(spark, {"address": output, "overwrite": overwrite, "run": run})


def tell(what, action):
    try:
        action()
        print(f"{what}: nothing stands against it")
    except Refused as refused:
        print(f"{what}: {refused.why}: {refused}")


def look(what, output, overwrite=False, reads=None):
    def action():
        made = storage(output, overwrite)
        if reads is not None:
            made.refuse_input(spark.read.parquet(reads))

    tell(what, action)


look("free", f"{address}/free/")
look("taken", f"{address}/taken/")
look("taken, to be replaced", f"{address}/taken/", overwrite=True)
look("somebody's file in it", f"{address}/mixed/", overwrite=True)
look("a file", f"{address}/file/", overwrite=True)
look("the root", "file:///", overwrite=True)
look("the input's folder", f"{address}/taken/", overwrite=True, reads=f"{address}/taken/part-*.parquet")
look("the input, by another address", f"{address}/taken/", overwrite=True, reads=f"{here}/taken")
look("the input, by a pattern", f"{address}/taken/", overwrite=True, reads=f"{address}/t*/")


class Beaten(Storage):
    """Another run writes the output between the two renames."""

    def _rename(self, source, target):
        super()._rename(source, target)
        if source.toString() == self._target.toString():
            spark.range(7).write.parquet(f"{address}/taken/")


class Broken(Storage):
    """The storage fails at the second rename."""

    def _rename(self, source, target):
        if source.toString() == self._temporary.toString():
            raise OSError("the storage is gone")
        super()._rename(source, target)


def count():
    return spark.read.parquet(f"{address}/taken/").count()


broken = storage(f"{address}/taken/", overwrite=True, kind=Broken)
broken.compute(spark.range(3))
try:
    broken.publish()
except OSError as error:
    print(f"broken: {error}; there are {count()} rows as before")
broken.discard()
beaten = storage(f"{address}/taken/", overwrite=True, kind=Beaten)
beaten.compute(spark.range(3))
tell("beaten", beaten.publish)
beaten.discard()
print(f"there are {count()} rows of the other run, and no folder within: {not any(os.path.isdir(f'taken/{each}') for each in os.listdir('taken'))}")
good = storage(f"{address}/taken/", overwrite=True, run="r2")
good.compute(spark.range(5))
good.publish()
good.discard()
print(f"there are {count()} rows now")
spark.stop()
