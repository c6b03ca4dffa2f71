"""A result in a storage of the cluster's, such as HDFS or S3."""

import re


class Refused(Exception):
    """What stands against the run before anything is computed; `why` as native-udf knows it."""

    def __init__(self, why, text):
        super().__init__(text)
        self.why = why


# what runs write, with the checksums that Hadoop keeps beside
_of_a_run = re.compile(r"\.?(?:reduced-)?part-[^/]*\.(?:parquet|csv|ndjson)(?:\.crc)?|\.?_SUCCESS(?:\.crc)?")


class Storage:
    """One folder of Parquet. It appears when it is whole, and what it replaces stays until then.

    Spark Connect hands out no file system: there Spark writes at the address itself, and nothing is replaced.
    """

    def __init__(self, spark, inputs, output):
        """Raises Refused where the folder may not be written."""
        self._spark = spark
        self._output = output
        self._address = output["address"].rstrip("/")
        self._files = None
        if _is_connect(spark):
            if output["overwrite"]:
                what = "over Spark Connect a folder is not replaced in one step"
                raise Refused("output in the way", what)
            return
        self._path = spark.sparkContext._jvm.org.apache.hadoop.fs.Path
        self._settings = spark.sparkContext._jsc.hadoopConfiguration()
        target = self._path(self._address)
        self._files = target.getFileSystem(self._settings)
        whole = f"{self._qualified(self._address)}/"
        for each in inputs:
            if f"{self._qualified(each)}/".startswith(whole):
                raise Refused("output in the way", "the job reads it")
        if not self._files.exists(target):
            return
        if not output["overwrite"]:
            raise Refused("output exists", "the output exists")
        self._refuse_foreign(target)

    def _qualified(self, address):
        path = self._path(address)
        return path.getFileSystem(self._settings).makeQualified(path).toString()

    def _refuse_foreign(self, target):
        if not self._files.getFileStatus(target).isDirectory():
            raise Refused("output in the way", "it is a file, and Spark writes a folder")
        for status in self._files.listStatus(target):
            name = status.getPath().getName()
            if not _of_a_run.fullmatch(name):
                raise Refused("output in the way", f"the folder holds something that no run wrote ({name})")

    def write(self, result):
        if self._files is None:
            self._write_over_connect(result)
            return
        target = self._path(self._address)
        temporary = self._beside(target, "new")
        earlier = self._beside(target, "earlier")
        try:
            result.write.parquet(temporary.toString())
            if self._files.exists(target):
                if not self._output["overwrite"]:
                    raise Refused("output exists", "the output exists")
                self._rename(target, earlier)
            self._rename(temporary, target)
            self._files.delete(earlier, True)
        finally:
            self._files.delete(temporary, True)
            if self._files.exists(earlier) and not self._files.exists(target):
                self._rename(earlier, target)

    def _write_over_connect(self, result):
        from pyspark.errors import AnalysisException

        try:
            result.write.parquet(self._address)
        except AnalysisException as error:
            if "PATH_ALREADY_EXISTS" not in str(error):
                raise
            raise Refused("output exists", "the output exists") from error

    def preview(self):
        """Writes the first rows into a file of this machine; gives how many rows there are."""
        import pyarrow
        import pyarrow.parquet

        rows = self._spark.read.parquet(self._address)
        first = rows.limit(self._output["previewRows"])
        if hasattr(first, "toArrow"):
            table = first.toArrow()
        else:
            # before Spark 4.0
            from pyspark.sql.pandas.types import to_arrow_schema

            batches = first._collect_as_arrow()
            table = pyarrow.Table.from_batches(batches) if batches else to_arrow_schema(first.schema).empty_table()
        pyarrow.parquet.write_table(table, self._output["preview"])
        return rows.count()

    def _beside(self, target, what):
        # Spark passes over names that begin so when it reads a folder
        return self._path(target.getParent(), f"_{target.getName()}.{self._output['run']}.{what}")

    def _rename(self, source, target):
        if not self._files.rename(source, target):
            raise OSError(f"{source.toString()} could not be renamed to {target.toString()}")


def _is_connect(spark):
    return type(spark).__module__.startswith("pyspark.sql.connect")
