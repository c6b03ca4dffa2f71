"""A result in a storage of the cluster's, such as HDFS or S3."""

import re
import sys
from urllib.parse import unquote, urlsplit


class Refused(Exception):
    """What stands against the run before anything is computed; `why` as native-udf knows it."""

    def __init__(self, why, text):
        super().__init__(text)
        self.why = why


# what runs write, with the checksums that Hadoop keeps beside
_of_a_run = re.compile(r"\.?(?:reduced-)?part-[^/]*\.(?:parquet|csv|ndjson)(?:\.crc)?|\.?_SUCCESS(?:\.crc)?")


class Storage:
    """One folder of Parquet. It is computed beside its place, and what it replaces stays until it is whole.

    Spark Connect hands out no file system: there Spark writes at the address itself, and nothing is replaced.
    """

    def __init__(self, spark, output):
        """Raises Refused where the folder may not be written."""
        self._spark = spark
        self._output = output
        self._address = output["address"].rstrip("/")
        self._files = None
        if urlsplit(output["address"]).path.strip("/") == "":
            raise Refused("output in the way", "it is the root of a storage, and the result a folder in one")
        if _is_connect(spark):
            if output["overwrite"]:
                raise Refused("output in the way", "over Spark Connect a folder is not replaced in one step")
            return
        self._path = spark.sparkContext._jvm.org.apache.hadoop.fs.Path
        self._target = self._path(self._address)
        self._files = self._target.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
        self._temporary = self._beside("new")
        self._earlier = self._beside("earlier")
        if not self._files.exists(self._target):
            return
        if not output["overwrite"]:
            raise Refused("output exists", "the output exists")
        self._refuse_foreign()

    def _refuse_foreign(self):
        if not self._files.getFileStatus(self._target).isDirectory():
            raise Refused("output in the way", "it is a file, and Spark writes a folder")
        for status in self._files.listStatus(self._target):
            name = status.getPath().getName()
            if not _of_a_run.fullmatch(name):
                raise Refused("output in the way", f"the folder holds something that no run wrote ({name})")

    def refuse_input(self, rows):
        """Raises Refused where a file of `rows` lies in the folder that would be replaced."""
        if self._files is None or not self._files.exists(self._target):
            return
        folder = urlsplit(self._files.makeQualified(self._target).toUri().toString())
        for each in rows.inputFiles():
            file = urlsplit(each)
            # HDFS has more than one name for a namenode
            same = file.scheme == folder.scheme and (file.netloc == folder.netloc or file.scheme == "hdfs")
            if same and unquote(file.path).startswith(f"{unquote(folder.path)}/"):
                raise Refused("output in the way", "the job reads it")

    def compute(self, result):
        if self._files is None:
            self._write_over_connect(result)
        else:
            result.write.parquet(self._temporary.toString())

    def _write_over_connect(self, result):
        from pyspark.errors import AnalysisException

        try:
            result.write.parquet(self._address)
        except AnalysisException as error:
            if "PATH_ALREADY_EXISTS" not in str(error):
                raise
            raise Refused("output exists", "the output exists") from error

    def publish(self):
        """Puts what was computed in its place; what was there comes back where that fails."""
        if self._files is None:
            return
        replaces = self._files.exists(self._target)
        if replaces and not self._output["overwrite"]:
            raise Refused("output exists", "the output exists")
        if replaces:
            self._rename(self._target, self._earlier)
        try:
            self._rename(self._temporary, self._target)
            self._refuse_another_result()
        except BaseException:
            if replaces and self._files.exists(self._target):
                self._delete(self._earlier)  # the other result has replaced it
            elif replaces:
                self._rename(self._earlier, self._target)
            raise
        if replaces:
            self._delete(self._earlier)

    def _refuse_another_result(self):
        """Hadoop renames a folder into one that has come up meanwhile."""
        within = self._path(self._target, self._temporary.getName())
        if not self._files.exists(within):
            return
        self._rename(within, self._temporary)
        raise Refused("output exists", "another run has written the output meanwhile")

    def discard(self):
        """Removes what has not come to its place."""
        if self._files is not None:
            self._delete(self._temporary)

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

    def _beside(self, what):
        # Spark passes over names that begin so when it reads a folder
        return self._path(self._target.getParent(), f"_{self._target.getName()}.{self._output['run']}.{what}")

    def _rename(self, source, target):
        if not self._files.rename(source, target):
            raise OSError(f"{source.toString()} could not be renamed to {target.toString()}")

    def _delete(self, path):
        try:
            self._files.delete(path, True)
        except Exception as error:  # noqa: BLE001 - the result does not depend on it
            print(f"native-udf: {path.toString()} could not be removed ({error}). Remove it yourself.", file=sys.stderr)


def _is_connect(spark):
    return type(spark).__module__.startswith("pyspark.sql.connect")
