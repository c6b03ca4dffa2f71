"""Starts a session and runs scripts of this folder in it: python main.py SETTINGS, which are JSON."""

import importlib
import json
import os
import sys
import time

from pyspark.sql import SparkSession

settings = json.loads(sys.argv[1])
sys.path[:0] = settings["stubs"]
# a zone with hours that come twice and hours that are left out, for the session and for the workers
os.environ["TZ"] = "America/New_York"
time.tzset()

builder = SparkSession.builder
if settings["connect"]:
    os.environ["SPARK_TESTING"] = "1"  # a free port for the server, and not always the same one
    builder = builder.remote("local[2]")
else:
    builder = builder.master("local[2]").config("spark.ui.enabled", "false")
spark = (
    builder.config("spark.sql.session.timeZone", "America/New_York")
    .config("spark.python.worker.faulthandler.enabled", "true")
    .config("spark.sql.execution.pyspark.udf.faulthandler.enabled", "true")
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", "4")
    .config("spark.sql.shuffle.partitions", "1")
    .getOrCreate()
)
if not settings["connect"]:
    spark.sparkContext.setLogLevel("OFF")
reports = {name: importlib.import_module(name).run(spark, settings) for name in settings["parts"]}
with open(settings["report"], "w", encoding="utf-8") as file:
    json.dump(reports, file, allow_nan=False)
spark.stop()
