"""What stands against a result in a storage, in one session: refusals.py <folder of the driver>."""

import os
import sys

sys.path.insert(0, sys.argv[1])

from pyspark.sql import SparkSession
from storage import Refused, Storage

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
here = os.getcwd()
for name in ("taken/part-00000-1.snappy.parquet", "taken/_SUCCESS", "taken/.part-00000-1.snappy.parquet.crc", "mixed/notes.txt", "file"):
    os.makedirs(os.path.dirname(os.path.join(here, name)), exist_ok=True)
    open(os.path.join(here, name), "w").close()


def look(what, output, overwrite=False, reads="/elsewhere/rows.parquet"):
    try:
        Storage(spark, [reads], {"address": output, "overwrite": overwrite})
        print(f"{what}: nothing stands against it")
    except Refused as refused:
        print(f"{what}: {refused.why}: {refused}")


address = f"file://{here}"
look("free", f"{address}/free/")
look("taken", f"{address}/taken/")
look("taken, to be replaced", f"{address}/taken/", overwrite=True)
look("somebody's file in it", f"{address}/mixed/", overwrite=True)
look("a file", f"{address}/file/", overwrite=True)
look("the input's folder", f"{address}/taken/", overwrite=True, reads=f"{address}/taken/part-*.parquet")
look("the input, by another address", f"{address}/taken/", overwrite=True, reads=f"{here}/taken")
spark.stop()
