# Before Spark 4.1 a vectorized function of columns is one of pandas, and pandas is not exact: an integer beside a null
# becomes a float64, a null and a NaN are one, an instant becomes a time of the local zone. The worker has Arrow arrays
# before it makes pandas of them, and Arrow is what it sends. So in the worker, while one of these functions runs there,
# the two steps between Arrow and pandas are left out.


def _spark_without_pandas(work, batches, is_struct):
    """The results of `work` on batches of Arrow arrays, as Spark's pandas functions take and give batches."""
    import pandas as pd
    from pyspark.sql.pandas import serializers

    kind = getattr(serializers, "ArrowStreamPandasUDFSerializer", None)
    if not hasattr(kind, "arrow_to_pandas") or not hasattr(kind, "_create_batch"):
        raise _spark_not_exact()
    to_pandas, to_batch = kind.arrow_to_pandas, kind._create_batch
    own = "arrow_to_pandas" in vars(kind)
    kind.arrow_to_pandas = lambda self, column, *rest, **named: column
    kind._create_batch = lambda self, given: _spark_batch_of(given)
    try:
        for arrays in batches:
            result = work(tuple(_spark_one_array(each) for each in (arrays if isinstance(arrays, tuple) else (arrays,))))
            # what has as many rows, which Spark counts, and the array; a struct is a frame to Spark
            rows = range(len(result))
            holder = pd.DataFrame(index=rows) if is_struct else pd.Series(None, rows, object)
            holder.attrs["native_udf"] = _SparkHeld(result)
            yield holder
    finally:
        kind._create_batch = to_batch
        if own:
            kind.arrow_to_pandas = to_pandas
        else:
            del kind.arrow_to_pandas


class _SparkHeld:
    """An array beside a Series; pandas compares and copies attributes, and this has nothing to copy."""

    def __init__(self, array):
        self.array = array

    def __deepcopy__(self, memo):
        return self


def _spark_one_array(column):
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
    if isinstance(column, pa.Array):
        return column
    raise _spark_not_exact()


def _spark_batch_of(given):
    """The record batch of a result with its Arrow type."""
    import pyarrow as pa

    pairs = [given] if isinstance(given, tuple) else given
    arrays = []
    for holder, wanted, *_ in pairs:
        array = holder.attrs["native_udf"].array
        arrays.append(array if wanted is None or array.type == wanted else array.cast(wanted))
    return pa.RecordBatch.from_arrays(arrays, [f"_{index}" for index in range(len(arrays))])


def _spark_not_exact():
    import pyspark

    what = f"PySpark {pyspark.__version__} hands columns over as pandas only, which would change values"
    return RuntimeError(f"{what}. Use Spark 4.1 or later (or 3.5).")
