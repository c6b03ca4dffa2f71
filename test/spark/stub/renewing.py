"""A module that is built anew and gets another config while a session runs, beside another module."""

import importlib
import os
import shutil
import sys

from pyspark.sql import functions as F


def run(spark, settings):
    root = os.path.join(os.getcwd(), "renewed")

    def put(version, config=None):
        """The module's folder as a build leaves it."""
        shutil.copytree(settings[version], root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".native-udf"))
        if config is not None:
            with open(os.path.join(root, "shift.txt"), "w", encoding="utf-8") as file:
                file.write(config)

    def sent():
        return None if settings["connect"] else sorted(os.path.basename(each) for each in spark.sparkContext.listFiles)

    put("first")
    sys.path.insert(0, os.path.join(root, "stubs"))
    import renewed
    from cases import spark as others
    from renewed import spark as ff

    def answers(both=ff):
        row = numbers.select(both.build_of("x"), both.shifted("x"), others.doubled(F.col("x").cast("int"))).first()
        return list(row)

    numbers = spark.range(1).select(F.lit(1.0).alias("x"))
    report = {"first": answers()}
    files = sent()
    report["again"] = answers()
    report["sent again"] = files != sent()
    old = numbers.select(ff.build_of("x"), ff.shifted("x"))
    put("first", "2.5\n")
    report["other config"] = answers()
    put("second", "2.5\n")
    importlib.invalidate_caches()
    importlib.reload(renewed)
    report["other code"] = answers()
    report["other code, imported anew"] = answers(importlib.import_module("renewed").spark)
    report["a frame of before"] = list(old.first())
    ff.register()
    report["in SQL"] = list(spark.sql("SELECT build_of(1D), shifted(1D)").first())
    put("first", "0.5\n")
    importlib.reload(renewed)
    report["first code again"] = answers()
    report["in SQL as registered"] = list(spark.sql("SELECT build_of(1D), shifted(1D)").first())
    return report
