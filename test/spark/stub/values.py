"""Values of every type through functions that give back what they get, compared with what went in."""

import datetime
import math
import warnings
from decimal import Decimal

import pyspark
from pyspark.sql import functions as F
from told import error_of, readable


def run(spark, settings):
    from cases import spark as ff

    report = {"version": pyspark.__version__, "differing": [], "compared": 0, "refused": {}, "rows": {}}
    wide = 2**53 + 1  # no double is this

    scalars = {
        "bool": ("boolean", [None, True, False]),
        "int8": ("tinyint", [None, -128, 127]),
        "int16": ("smallint", [None, -32768, 32767]),
        "int32": ("int", [None, -(2**31), 2**31 - 1]),
        "int64": ("bigint", [None, wide, -(2**63), 2**63 - 1]),
        "uint8": ("smallint", [None, 0, 255]),
        "uint16": ("int", [None, 0, 65535]),
        "uint32": ("bigint", [None, 0, 2**32 - 1]),
        "uint64": ("decimal(20,0)", [None, Decimal(wide), Decimal(2**64 - 1)]),
        "float": ("float", [None, 1.5, math.inf, math.nan]),
        "double": ("double", [None, 0.1, -0.0, math.nan, -math.inf]),
        "date": ("date", [None, datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
        "local_timestamp": (
            "timestamp_ntz",
            [None, datetime.datetime(2024, 3, 10, 2, 30), datetime.datetime(1600, 1, 1, 0, 0, 0, 1)],
        ),
        "money": ("decimal(18,2)", [None, Decimal("1234567890123456.78"), Decimal("-0.01")]),
        "bytes": ("binary", [None, bytearray(b""), bytearray(b"\0\xff")]),
    }


    def compare(name, given, gotten):
        report["compared"] += 1
        if isinstance(given, bytearray):
            given, gotten = bytes(given), None if gotten is None else bytes(gotten)
        # by their text, so that a NaN is like a NaN, 0.0 unlike -0.0, and a date unlike a timestamp
        if repr(given) != repr(gotten):
            report["differing"].append(f"{name}: {given!r} became {gotten!r}")


    frame = spark.createDataFrame(
        [tuple([row, *(values[row % len(values)] for _, values in scalars.values())]) for row in range(12)],
        "id int, " + ", ".join(f"{name} {kind}" for name, (kind, _) in scalars.items()),
    ).coalesce(1)
    names = list(scalars)
    # some at a time: before Spark 4.1 each function has a worker of its own
    for some in (names[:4], names[4:8], names[8:12], names[12:]):
        same = [getattr(ff, f"same_{name}")(name).alias(f"same_{name}") for name in some]
        maybe = [getattr(ff, f"maybe_{name}")(frame[name]).alias(f"maybe_{name}") for name in some]
        for row in frame.select("id", *same, *maybe).collect():
            for name in some:
                values = scalars[name][1]
                compare(f"same_{name}", values[row.id % len(values)], row[f"same_{name}"])
                compare(f"maybe_{name}", values[row.id % len(values)], row[f"maybe_{name}"])

    # instants are compared by Spark, as Python's are of the local zone: an hour that comes twice, and one long ago
    micros = [1710054000000001, 1730611800000000, 1730615400000000, -9999999999999999, 253402300799999999, None]
    instants = spark.createDataFrame(list(enumerate(micros)), "id int, micros bigint").coalesce(1)
    instants = instants.select("id", F.expr("timestamp_micros(micros)").alias("value"))
    for row in instants.select("id", F.expr("unix_micros(value)").alias("given"), ff.same_timestamp("value").alias("value")).select(
        "id", F.expr("unix_micros(value)").alias("micros")
    ).collect():
        compare("same_timestamp", micros[row.id], row.micros)

    nested = {
        "list_int64": "array(1L, 9007199254740993L)",
        "holes_int64": "array(1L, null, 9007199254740993L)",
        "list_uint8": "array(0S, 255S)",
        "holes_uint8": "array(0S, null)",
        "holes_bool": "array(true, null, false)",
        "list_double": "array(0.1D, double('NaN'))",
        "holes_double": "array(null, double('NaN'))",
        "holes_float": "array(null, float('Infinity'))",
        "list_date": "array(date'0001-01-01', date'2020-02-29')",
        "holes_date": "array(date'9999-12-31', null)",
        "list_money": "array(1.25BD, 10.00BD)",
        "list_text": "array('ä', '')",
        "holes_text": "array('x', null)",
        "list_bytes": "array(x'00ff', x'')",
        "maybe_list": "array(1D)",
        "same_nested": "array(array(1S, 2S), array())",
        "same_point": "named_struct('x', 1D, 'y', null, 'label', 'p')",
        "maybe_point": "if(rand() < 2, null, named_struct('x', 1D, 'y', 2D, 'label', 'p'))",
        "same_points": "array(named_struct('x', 1D, 'y', double('NaN'), 'label', 'p'))",
        "same_maybe_points": "array(null, named_struct('x', 1D, 'y', null, 'label', 'p'))",
        "same_track": """named_struct('name', 'a', 'points', array(named_struct('x', 1D, 'y', null, 'label', 'p')),
            'times', array(9007199254740993L), 'start', named_struct('x', 1D, 'y', 3D, 'label', 's'),
            'end', cast(null as struct<x: double, y: double, label: string>))""",
        "same_stamp": """named_struct('day', date'2020-02-29', 'at', timestamp'2024-11-03 01:30:00', 'price', cast(12.34 as decimal(18, 2)),
            'local', array(timestamp_ntz'2024-03-10 02:30:00'), 'prices', array(cast(1.25 as decimal(18, 2))))""",
        "same_wide_decimal": "cast('1234567890123456789012345678.0123456789' as decimal(38, 10))",
        "same_small_decimal": "cast(-123.4 as decimal(4, 1))",
    }
    given = spark.range(1).select(*(F.expr(text).alias(name) for name, text in nested.items()))
    for first in range(0, len(nested), 6):
        some = list(nested)[first : first + 6]
        before = [F.col(name).alias(f"given_{name}") for name in some]
        row = given.select(*before, *(getattr(ff, name)(name).alias(name) for name in some)).first()
        for name in some:
            compare(name, row[f"given_{name}"], row[name])

    # numbers in a type that holds them too, as SQL has them; in a batch each, so that a row is counted over the partition
    numbers = spark.range(10).select("id", (F.col("id") + 120).alias("large"), (F.col("id") / 4).alias("quarter")).coalesce(1)
    report["rows"]["widened"] = [
        list(each) for each in numbers.limit(2).select(ff.same_double("id"), ff.same_int8("id"), ff.same_money("id").cast("string")).collect()
    ]
    report["rows"]["defaults"] = list(numbers.select(ff.doubled(), ff.describe(F.lit(2.0)), ff.describe(F.lit(2.0), unit=F.lit("m"))).first())
    report["rows"]["tables"] = [
        each[0] for each in spark.range(1).select(F.explode(ff.holes_int64(F.array(F.lit(1), F.lit(None), F.lit(3))))).collect()
    ]
    report["refused"] = {
        "too large": error_of(lambda: numbers.select(ff.same_int8("large")).collect()),
        "negative": error_of(lambda: numbers.select(ff.same_uint64(F.col("id") - 3)).collect()),
        "in a list": error_of(lambda: numbers.select(ff.list_uint8(F.array(F.lit(1), F.col("large") + 130))).collect()),
        "not a whole number": error_of(lambda: numbers.select(ff.same_int32("quarter")).collect()),
        "a text": error_of(lambda: numbers.select(ff.checked(F.lit("1"))).collect()),
        "no zone": error_of(lambda: numbers.select(ff.same_timestamp(F.expr("timestamp_ntz'2024-01-01 00:00:00'"))).collect()),
        "another struct": error_of(lambda: numbers.select(ff.same_point(F.struct("id"))).collect()),
        "no column": error_of(lambda: ff.checked(None)),
    }

    # aggregates beside Spark's own, with nulls that must not shift a value to another row
    groups = spark.range(12).select((F.col("id") % 2).alias("g"), F.when(F.col("id") % 3 > 0, F.col("id") / 4).alias("x"))
    report["rows"]["aggregates"] = [
        list(each) for each in groups.groupBy("g").agg(ff.mean("x"), F.avg("x"), F.count("*")).orderBy("g").collect()
    ]
    report["rows"]["whole"] = list(groups.agg(ff.mean(groups.x), F.avg("x")).first())
    report["name of an aggregate"] = groups.agg(ff.mean("x")).columns

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ff.register()
    report["warnings"] = [str(each.message) for each in caught if "functions of its own" in str(each.message)]
    report["rows"]["sql"] = [
        list(each)
        for each in spark.sql(
            "SELECT checked(1.5), maybe_double(double('NaN')), maybe_double(null), same_int64(9007199254740993), "
            "mean_of_lists(array(1D, 2D, null)), doubled(id), describe(id) FROM range(2)"
        ).collect()
    ]
    groups.createOrReplaceTempView("groups")
    if hasattr(F, "arrow_udf"):
        # Spark takes no such aggregate beside its own ones in SQL
        asked = [f"SELECT {name}(x) FROM groups GROUP BY g ORDER BY g" for name in ("cases_mean", "avg")]
        report["rows"]["sql aggregates"] = [[row[0] for row in spark.sql(each).collect()] for each in asked]

    report["names"] = [name for name in dir(ff) if name in ("register", "ship", "options", "mean", "checked", "column")]
    report["help"] = ff.mean.__doc__
    return readable(report)
