"""Times the ways to compute a feature on a Spark cluster, in turn; prints the seconds of each as JSON.

measure.py <master> <module's folder> <folder for data> <rounds>
"""

import csv
import json
import math
import os
import sys
import time
import warnings

import numpy
import pandas
import pyarrow
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

master, module, folder, rounds = sys.argv[1:5]
sys.path.insert(0, os.path.join(module, "stubs"))
warnings.simplefilter("ignore")
row_count = 8_000_000
# so slow that once tells enough
slow = ("python", "arrow python")


def airports():
    with open(os.path.join(module, "config", "airports.csv"), encoding="utf-8", newline="") as file:
        return {each["iata"]: (float(each["latitude"]), float(each["longitude"])) for each in csv.DictReader(file)}


places = airports()
latitudes = pandas.Series({name: place[0] for name, place in places.items()})
longitudes = pandas.Series({name: place[1] for name, place in places.items()})
route_type = "struct<km:double,band:int>"
radius = 6371.0088


def arithmetic_python(a, b):
    return a * 1.5 + b * b - 0.25


def arithmetic_numpy(a: pandas.Series, b: pandas.Series) -> pandas.Series:
    return a * 1.5 + b * b - 0.25


def hash_python(text):
    number = 0xCBF29CE484222325
    for byte in text.encode():
        number = (number ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return number - 2**64 if number >= 2**63 else number


def hash_numpy(texts: pandas.Series) -> pandas.Series:
    # all texts have 25 bytes: a column of each is as much of a vector as the hash allows
    letters = numpy.frombuffer("".join(texts).encode(), dtype=numpy.uint8).reshape(len(texts), -1)
    number = numpy.full(len(texts), 0xCBF29CE484222325, dtype=numpy.uint64)
    for column in letters.T:
        number = (number ^ column) * numpy.uint64(0x100000001B3)
    return pandas.Series(number.view(numpy.int64))


def route_python(origin, destination):
    start, end = places.get(origin), places.get(destination)
    if start is None or end is None:
        return None
    lat1, lon1, lat2, lon2 = (math.radians(each) for each in (*start, *end))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    km = 2 * radius * math.asin(math.sqrt(min(1.0, h)))
    return (km, 0 if km < 500 else 1 if km < 1500 else 2 if km < 3000 else 3)


def route_numpy(origin: pandas.Series, destination: pandas.Series) -> pandas.DataFrame:
    lat1, lon1 = numpy.radians(origin.map(latitudes)), numpy.radians(origin.map(longitudes))
    lat2, lon2 = numpy.radians(destination.map(latitudes)), numpy.radians(destination.map(longitudes))
    h = numpy.sin((lat2 - lat1) / 2) ** 2 + numpy.cos(lat1) * numpy.cos(lat2) * numpy.sin((lon2 - lon1) / 2) ** 2
    km = 2 * radius * numpy.arcsin(numpy.sqrt(numpy.minimum(1, h)))
    return pandas.DataFrame({"km": km, "band": numpy.digitize(km, [500, 1500, 3000]).astype("int32")})


def identity(*names, kind, give):
    """An arrow_udf that gives values of the result's type without a look at the rows."""

    def same(*arrays):
        return give(*arrays)

    return F.arrow_udf(same, kind, F.ArrowUDFType.SCALAR)(*names)


def identity_iterator(*names, kind, give):
    """The same in the iterator form."""

    def same(batches):
        for batch in batches:
            yield give(*batch) if isinstance(batch, tuple) else give(batch)

    return F.arrow_udf(same, kind, F.ArrowUDFType.SCALAR_ITER)(*names)


def first_of(array, *_):
    return array


def numbers_of(texts):
    return pyarrow.array(numpy.zeros(len(texts), dtype="int64"))


def routes_of(origins, _):
    rows = len(origins)
    kilometres, bands = pyarrow.array(numpy.zeros(rows)), pyarrow.array(numpy.zeros(rows, dtype="int32"))
    return pyarrow.StructArray.from_arrays([kilometres, bands], ["km", "band"])


def works(spark, ff):
    numbers = spark.range(0, row_count, 1, 8).select(
        (F.col("id") * 0.5).alias("a"),
        (F.col("id") % 1000 * 0.25).alias("b"),
        F.lpad(F.col("id").cast("string"), 25, "x").alias("text"),
    )
    numbers.write.mode("overwrite").parquet(os.path.join(folder, "numbers"))
    numbers = spark.read.parquet(os.path.join(folder, "numbers"))
    flights = spark.read.parquet(os.path.join(module, "data", "flights-3m.parquet"))
    flights = flights.unionAll(flights).unionAll(flights)
    arithmetic = {"kind": "double", "give": first_of}
    hashes = {"kind": "bigint", "give": numbers_of}
    routes = {"kind": route_type, "give": routes_of}

    def three(make):
        pairs = [("a", "b", arithmetic), ("b", "a", arithmetic)]
        return [*(make(*names, **of).alias(f"of {names[0]}") for *names, of in pairs), make("text", **hashes)]

    return {
        "arithmetic": {
            "input": numbers.select("a", "b"),
            "pass-through": ["a", "b"],
            "builtin": [F.expr("a * 1.5D + b * b - 0.25D")],
            "native": [ff.mixed("a", "b")],
            "identity": [identity("a", "b", **arithmetic)],
            "identity iterator": [identity_iterator("a", "b", **arithmetic)],
            "pandas_udf": [F.pandas_udf(arithmetic_numpy, "double")("a", "b")],
            "arrow python": [F.udf(arithmetic_python, "double", useArrow=True)("a", "b")],
            "python": [F.udf(arithmetic_python, "double", useArrow=False)("a", "b")],
        },
        "hash of a text": {
            "input": numbers.select("text"),
            "pass-through": ["text"],
            "builtin": [F.xxhash64("text")],
            "native": [ff.fnv("text")],
            "identity": [identity("text", **hashes)],
            "identity iterator": [identity_iterator("text", **hashes)],
            "pandas_udf": [F.pandas_udf(hash_numpy, "bigint")("text")],
            "arrow python": [F.udf(hash_python, "bigint", useArrow=True)("text")],
            "python": [F.udf(hash_python, "bigint", useArrow=False)("text")],
        },
        "route": {
            "input": flights.select("origin", "destination"),
            "pass-through": ["origin", "destination"],
            "native": [ff.route("origin", "destination")],
            "identity": [identity("origin", "destination", **routes)],
            "identity iterator": [identity_iterator("origin", "destination", **routes)],
            "pandas_udf": [F.pandas_udf(route_numpy, route_type)("origin", "destination")],
            "arrow python": [F.udf(route_python, route_type, useArrow=True)("origin", "destination")],
            "python": [F.udf(route_python, route_type, useArrow=False)("origin", "destination")],
        },
        "three functions in one SELECT": {
            "input": numbers,
            "pass-through": ["a", "b", "text"],
            "native": [ff.mixed("a", "b"), ff.mixed("b", "a").alias("other"), ff.fnv("text")],
            "identity": three(identity),
            "identity iterator": three(identity_iterator),
            "pandas_udf": [
                F.pandas_udf(arithmetic_numpy, "double")("a", "b"),
                F.pandas_udf(arithmetic_numpy, "double")("b", "a").alias("other"),
                F.pandas_udf(hash_numpy, "bigint")("text"),
            ],
        },
    }


def seconds_of(rows, columns):
    start = time.perf_counter()
    rows.select(*columns).write.format("noop").mode("overwrite").save()
    return time.perf_counter() - start


def sent_bytes(spark, ff):
    """What is sent to the session at the first and at the second use of the module."""
    sizes = []
    context = spark.sparkContext
    original = context.addFile

    def counting(path, *others, **more):
        sizes.append(os.path.getsize(path))
        return original(path, *others, **more)

    context.addFile = counting
    try:
        ff.ship(spark)
        first = sum(sizes)
        ff.ship(spark)
        ff.register(spark)
        return {"first": first, "second": sum(sizes) - first}
    finally:
        del context.addFile


def main():
    spark = SparkSession.builder.appName("native-udf bench").master(master).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    from flight_features import spark as ff

    sent = sent_bytes(spark, ff)
    times = {}
    for work, ways in works(spark, ff).items():
        rows = ways.pop("input")
        samples = times[work] = {way: [] for way in ways}
        order = list(ways.items())
        # the first round is for Java's compiler and the workers' start
        for turn in range(int(rounds) + 1):
            for way, columns in order:
                if way in slow and turn != 1:
                    continue
                seconds = seconds_of(rows, columns)
                if turn > 0:
                    samples[way].append(seconds)
            order = [*order[1:], order[0]]
    spark.stop()
    print("RESULT " + json.dumps({"sent": sent, "times": times, "rows": {"numbers": row_count}}))


main()
