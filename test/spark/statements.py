"""Runs statements on one Spark session: a line of JSON in, a line of JSON out, rows into Parquet files.

Arguments: the session's settings as JSON, the Parquet file of the view `mapped`, FALLBACK (generated code) or NO_CODEGEN.
"""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, DoubleType, IntegerType

settings, mapped = json.loads(sys.argv[1]), sys.argv[2]
codegen = sys.argv[3]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.adaptive.enabled", "false")
    .config("spark.log.level", "OFF")
    # of generated code and its interpreter each series shows one
    .config("spark.sql.codegen.factoryMode", codegen)
    .config("spark.sql.codegen.wholeStage", str(codegen == "FALLBACK").lower())
    .getOrCreate()
)
for name, value in settings.items():
    spark.conf.set(name, value)


def mean_of_lists(values):
    known = [value for value in values or [] if value is not None]
    return sum(known) / len(known) if known else None


def root(x):
    if x is not None and x < 0:
        raise ValueError("the number is negative")
    return None if x is None else x**0.5


spark.udf.register("tested_root", root, DoubleType())
spark.udf.register("tested_half", lambda x: None if x is None else x / 2, DoubleType())
spark.udf.register("tested_upto", lambda n: None if n is None else list(range(1, n + 1)), ArrayType(IntegerType()))
spark.udf.register("tested_mean_of_of_lists", mean_of_lists, DoubleType())
spark.read.parquet(mapped).repartition(3).localCheckpoint().createOrReplaceTempView("mapped")


def table(frame):
    if hasattr(frame, "toArrow"):
        return frame.toArrow()
    from pyspark.sql.pandas.types import to_arrow_schema

    return pa.Table.from_batches(frame._collect_as_arrow(), schema=to_arrow_schema(frame.schema))


def answer(request):
    try:
        frame = spark.sql(request["sql"])
        pq.write_table(table(frame), request["output"])
        return {"types": [field.dataType.simpleString() for field in frame.schema]}
    except Exception as error:  # noqa: BLE001: every failure is an answer
        return {"error": str(error)}


print(json.dumps({"ready": spark.version}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
spark.stop()
