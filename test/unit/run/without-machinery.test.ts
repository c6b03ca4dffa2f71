import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutMachinery } from "../../../src/run/spark/without-machinery.ts";

test("a failure's text keeps the author's calls and the messages, and loses Java's, Spark's and libraries'", () => {
  const text = `Traceback (most recent call last):
  File "/home/me/.venv/lib/python3.11/site-packages/pyspark/sql/classic/dataframe.py", line 443, in collect
    sock_info = self._jdf.collectToPython()
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/home/me/flights/jobs/count.py", line 9, in <module>
    rows.collect()
  File "<native-udf>", line 20, in run
  File "/tmp/spark-1/userFiles-2/flight_features-a831636e338d.stub.py", line 984, in _compute
    raise self._row_error(error.row, str(error), error.frames, arrays) from None
pyspark.errors.exceptions.base.PySparkRuntimeError: route(): no airport (row 7 of partition 0)
Traceback (most recent call last):
  File "<native-udf>", line 20, in run
flight_features.RowError: route(): no airport
native-udf: {"kind":"row-error","module":"flight_features","row":7,"frames":[1]}
\tat org.apache.spark.sql.execution.WholeStageCodegenExec$$anon$1.hasNext(WholeStageCodegenExec.scala:50)
\t... 1 more`;
  assert.deepEqual(withoutMachinery(text.split("\n")), [
    "Traceback (most recent call last):",
    '  File "/home/me/flights/jobs/count.py", line 9, in <module>',
    "    rows.collect()",
    "pyspark.errors.exceptions.base.PySparkRuntimeError: route(): no airport (row 7 of partition 0)",
    "flight_features.RowError: route(): no airport",
  ]);
});
