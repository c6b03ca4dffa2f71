import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { causeOf, explainedOf } from "../../support/explained.ts";

const inJava = (
  traceback: string,
) => `26/11/21 05:00:23 WARN TaskSetManager: Lost task 1.0 in stage 0.0 (TID 1) (10.0.0.7 executor 0): org.apache.spark.api.python.PythonException: ${traceback}

\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:572)
\tat java.base/java.lang.Thread.run(Thread.java:840)

26/11/21 05:00:26 ERROR TaskSetManager: Task 1 in stage 0.0 failed 4 times; aborting job`;

const worker = "/opt/spark/python/lib/pyspark.zip/pyspark/worker.py";

describe("tracebacks of workers", () => {
  test("where Spark has cut off what an exception was raised from, it is said how to see it", async () => {
    const raised = (line: string) =>
      inJava(`Traceback (most recent call last):
  File "/srv/app/job.py", line 19, in read_count
    ${line}
RecordError: bad record`);
    const adviceOf = async (line: string) => (await explainedOf(raised(line), ["job.py"]))[0]?.advice ?? "";
    assert.match(
      await adviceOf("raise RecordError(text) from error"),
      /raised from.*simplifiedTraceback\.enabled to false/,
    );
    assert.doesNotMatch(await adviceOf("raise RecordError(text) from None"), /raised from/);
  });

  test("the cause of an exception that was raised from another comes first, the other after it", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "${worker}", line 1247, in main
    process()
  File "/srv/app/features/rates.py", line 30, in convert
    return table[currency]
           ~~~~~^^^^^^^^^^
KeyError: 'CHF'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/app/job.py", line 12, in to_eur
    return convert(amount, currency)
  File "/srv/app/features/rates.py", line 32, in convert
    raise RateError(currency) from error
features.rates.RateError: no rate for CHF`);
    const told = await explainedOf(log, ["job.py", "features/rates.py"]);
    assert.deepEqual(
      told.map(({ exceptionType, message, file, line }) => [exceptionType, message, file, line]),
      [
        ["KeyError", "'CHF'", "features/rates.py", 30],
        ["RateError", "no rate for CHF", "features/rates.py", 32],
      ],
    );
  });

  test("an exception in a handler is told with what was handled", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "/srv/app/job.py", line 8, in parse
    return int(text)
ValueError: invalid literal for int() with base 10: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app/job.py", line 10, in parse
    raise RuntimeError("bad row")
RuntimeError: bad row`);
    const told = await explainedOf(log, ["job.py"]);
    assert.deepEqual(
      told.map(({ exceptionType, line }) => [exceptionType, line]),
      [
        ["ValueError", 8],
        ["RuntimeError", 10],
      ],
    );
  });

  test("exception groups are told by their first exception", async () => {
    const log = inJava(`  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/job.py", line 20, in check
  |     raise ExceptionGroup("bad rows", errors)
  | ExceptionGroup: bad rows (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/job.py", line 14, in one
    |     raise ValueError("row 3 is negative")
    | ValueError: row 3 is negative
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/job.py", line 16, in one
    |     raise TypeError("row 9 is text")
    | TypeError: row 9 is text
    +------------------------------------`);
    assert.deepEqual(await causeOf(log, ["job.py"]), [
      "worker-exception | ValueError | row 3 is negative | job.py:14",
      "job.py:14 one",
    ]);
  });

  test("a syntax error is told at its own line, which has no function", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "/srv/app/job.py", line 9, in bucket
    from hours import bucket_of
  File "/data/work/app-20261121050454-0000/0/hours.py", line 3
    return hour //
                  ^
SyntaxError: invalid syntax`);
    const [first] = await explainedOf(log, ["job.py", "lib/hours.py"]);
    assert.deepEqual(first?.frames, [
      { file: "job.py", line: 9, function: "bucket" },
      { file: "lib/hours.py", line: 3, function: null },
    ]);
    assert.equal(first?.exceptionType, "SyntaxError");
  });

  test("values of locals are no frames and no exceptions, whatever they hold, and are told", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "/srv/app/job.py", line 15, in change
    return before / after
           ~~~~~~~^~~~~~~
    after = 0    1.0
1    0.0
Name: _1, dtype: float64
    factor = 2.5
ArithmeticProblem: a zero at 1`);
    const [first] = await explainedOf(log, ["job.py"]);
    assert.equal(first?.exceptionType, "ArithmeticProblem");
    assert.equal(first?.message, "a zero at 1");
    assert.match(first?.advice ?? "", /factor = 2\.5/);
  });

  test("repeated frames of a recursion are passed over", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "/srv/app/job.py", line 5, in depth
    return 1 + depth(node.next)
  File "/srv/app/job.py", line 5, in depth
    return 1 + depth(node.next)
  [Previous line repeated 975 more times]
RecursionError: maximum recursion depth exceeded`);
    assert.equal(
      (await causeOf(log, ["job.py"]))[0],
      "worker-exception | RecursionError | maximum recursion depth exceeded | job.py:5",
    );
  });

  test("the error that ended the job is told before one that it got over", async () => {
    const task = (line: number, message: string) => `Traceback (most recent call last):
  File "/srv/app/job.py", line ${line}, in f
    g()
ValueError: ${message}`;
    const driver = `Traceback (most recent call last):
  File "/srv/app/job.py", line 40, in <module>
    df.show()
  File "/opt/venv/lib/python3.12/site-packages/pyspark/errors/exceptions/captured.py", line 185, in deco
    raise converted from None
pyspark.errors.exceptions.captured.PythonException: 
  An exception was thrown from the Python worker. Please see the stack trace below.
${task(22, "fatal")}
`;
    const told = await explainedOf(`${inJava(task(11, "passing"))}\n${driver}`, ["job.py"]);
    assert.deepEqual(
      told.map(({ message, line }) => [message, line]),
      [
        ["fatal", 22],
        ["passing", 11],
      ],
    );
  });

  test("a worker's own failure without the author's frames has no line, but the script's name", async () => {
    const log = `Traceback (most recent call last):
  File "/srv/app/job.py", line 40, in <module>
    df.toPandas()
pyspark.errors.exceptions.captured.PythonException: An exception was thrown from the Python worker:
Traceback (most recent call last):
  File "${worker}", line 1247, in main
    process()
  File "/opt/spark/python/lib/pyspark.zip/pyspark/sql/pandas/serializers.py", line 231, in _create_array
    raise PySparkTypeError(
pyarrow.lib.ArrowTypeError: Expected bytes, got a 'int' object`;
    assert.deepEqual(await causeOf(log, ["job.py"]), [
      "worker-exception | ArrowTypeError | Expected bytes, got a 'int' object | job.py:null",
      "",
    ]);
  });
});

describe("tracebacks of the driver", () => {
  test("the script's own error is told with all of its calls", async () => {
    const log = `26/11/21 05:00:23 WARN NativeCodeLoader: Unable to load native-hadoop library
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 31, in <module>
    main()
  File "/home/ada/job/main.py", line 22, in main
    rates = load(sys.argv[1])
            ^^^^^^^^^^^^^^^^^
  File "/home/ada/job/rates.py", line 7, in load
    return json.load(open(path))
FileNotFoundError: [Errno 2] No such file or directory: 'rates.json'`;
    assert.deepEqual(await causeOf(log, ["main.py", "rates.py"]), [
      "driver-exception | FileNotFoundError | [Errno 2] No such file or directory: 'rates.json' | rates.py:7",
      "main.py:31 <module> > main.py:22 main > rates.py:7 load",
    ]);
  });

  test("what is left over at the end is not taken for the cause", async () => {
    const log = `Traceback (most recent call last):
  File "/home/ada/job/main.py", line 5, in <module>
    df = spark.table("flihgts")
pyspark.errors.exceptions.connect.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view \`flihgts\` cannot be found. SQLSTATE: 42P01;
'UnresolvedRelation [flihgts], [], false

Exception ignored in: <function SparkConnectClient.__del__ at 0x7f>
Traceback (most recent call last):
  File "/home/ada/job/.venv/lib/python3.12/site-packages/pyspark/sql/connect/client/core.py", line 99, in __del__
    self.close()
ValueError: Cannot invoke RPC on closed channel!`;
    const told = await explainedOf(log, ["main.py"]);
    assert.deepEqual(
      told.map(({ origin, exceptionType, line }) => [origin, exceptionType, line]),
      [["analysis", "AnalysisException", 5]],
    );
  });

  test("pickling errors name what cannot be sent", async () => {
    const log = `Traceback (most recent call last):
  File "/home/ada/job/main.py", line 50, in <module>
    main()
  File "/home/ada/job/main.py", line 44, in main
    df.select(score("id")).show()
  File "/opt/venv/lib/python3.12/site-packages/pyspark/serializers.py", line 477, in dumps
    raise pickle.PicklingError(msg)
_pickle.PicklingError: Could not serialize object: TypeError: cannot pickle 'sqlite3.Connection' object`;
    const [first] = await explainedOf(log, ["main.py"]);
    assert.deepEqual(
      [first?.origin, first?.message, first?.line, first?.function],
      ["serialize", "cannot pickle 'sqlite3.Connection' object", 44, "main"],
    );
    assert.match(first?.advice ?? "", /sqlite3\.Connection/);
  });

  test("a version mismatch is the cluster's, not the author's", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "${worker}", line 1100, in main
    check_python_version(infile)
pyspark.errors.exceptions.base.PySparkRuntimeError: [PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.8 than that in driver: 3.12, PySpark cannot run with different minor versions.`);
    const [first] = await explainedOf(log, ["job.py"]);
    assert.deepEqual([first?.origin, first?.file], ["cluster", null]);
    assert.match(first?.advice ?? "", /PYSPARK_PYTHON/);
  });

  test("a service that the author's function does not reach is no failure of the cluster", async () => {
    const log = inJava(`Traceback (most recent call last):
  File "/srv/app/job.py", line 9, in rate
    return urlopen(address).read()
  File "/usr/lib/python3.12/socket.py", line 863, in create_connection
    raise exceptions[0]
ConnectionRefusedError: [Errno 111] Connection refused`);
    assert.equal(
      (await causeOf(log, ["job.py"]))[0],
      "worker-exception | ConnectionRefusedError | [Errno 111] Connection refused | job.py:9",
    );
  });
});
