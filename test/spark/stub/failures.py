"""What a user sees of a throw, a crash and a function that does not return."""

import os

from pyspark.sql import functions as F
from told import error_of, lines_of


def run(spark, settings):
    from cases import spark as ff

    # two partitions of ten rows in batches of four: in the second the row 6 is the bad one
    rows = spark.range(0, 20, 1, 2)
    numbers = rows.select(F.when(F.col("id") >= 10, F.col("id") - 9).otherwise(99).cast("int").alias("value"))
    falling = F.when(F.col("value") < 50, 6.5 - F.col("value")).otherwise(1.0)
    texts = {
        "throw": error_of(lambda: numbers.select(ff.checked(falling)).collect()),
        # beside another use of the function, in the same process, whose rows are not counted
        "crash": error_of(lambda: numbers.select(ff.crash_at(F.col("value") * 0 + 99), ff.crash_at("value")).collect()),
    }
    ff.options(show_values=True)
    texts["values"] = error_of(lambda: numbers.select(ff.checked(falling)).collect())
    ff.options(time_limit_seconds=1)
    texts["hang"] = error_of(lambda: numbers.select(ff.wait_at("value")).collect())
    ff.options()
    os.environ["NATIVE_UDF_TIME_LIMIT"] = "1"
    texts["hang by variable"] = error_of(lambda: numbers.select(ff.wait_at("value")).collect())
    del os.environ["NATIVE_UDF_TIME_LIMIT"]
    # the session goes on
    after = list(numbers.agg(ff.mean(F.col("value") / 1), F.avg("value")).first())
    return {"texts": texts, "lines": {name: lines_of(text) for name, text in texts.items()}, "after": after}
