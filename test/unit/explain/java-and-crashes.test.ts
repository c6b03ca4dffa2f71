import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { causeOf, explainedOf } from "../../support/explained.ts";

describe("failures of the JVM", () => {
  test("a Scala job is told at the author's line, with the innermost cause", async () => {
    const log = `26/11/21 09:00:01 ERROR Executor: Exception in task 3.0 in stage 2.0 (TID 9)
org.apache.spark.SparkException: [FAILED_EXECUTE_UDF] User defined function (\`Rates$$$Lambda\`: (string) => double) failed. SQLSTATE: 39000
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.failedExecuteUserDefinedFunctionError(QueryExecutionErrors.scala:195)
\tat java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.lang.NumberFormatException: For input string: "n/a"
\tat java.base/jdk.internal.math.FloatingDecimal.readJavaFormatString(FloatingDecimal.java:2054)
\tat scala.collection.StringOps$.toDouble$extension(StringOps.scala:1015)
\tat com.acme.jobs.Rates$.parse(Rates.scala:12)
\tat com.acme.jobs.Rates$.$anonfun$main$1(Rates.scala:30)
\t... 20 more`;
    assert.deepEqual(await causeOf(log, ["src/main/scala/com/acme/jobs/Rates.scala"]), [
      'worker-exception | NumberFormatException | For input string: "n/a" | src/main/scala/com/acme/jobs/Rates.scala:12',
      "src/main/scala/com/acme/jobs/Rates.scala:30 Rates$.$anonfun$main$1 > src/main/scala/com/acme/jobs/Rates.scala:12 Rates$.parse",
    ]);
  });

  test("what was thrown in a thread of Spark's is told at the author's line in what wraps it", async () => {
    const log = `Exception in thread "main" java.lang.IllegalStateException: no input for 2026-11-21
\tat com.acme.Main.run(Main.java:15)
\tat com.acme.Main.main(Main.java:8)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:569)
Caused by: org.apache.spark.sql.AnalysisException: [PATH_NOT_FOUND] Path does not exist: file:/data/2026-11-21.
\tat org.apache.spark.sql.errors.QueryCompilationErrors$.dataPathNotExistError(QueryCompilationErrors.scala:1499)
\tat java.base/java.util.concurrent.ForkJoinWorkerThread.run(ForkJoinWorkerThread.java:165)`;
    assert.deepEqual(await causeOf(log, ["src/com/acme/Main.java"]), [
      "analysis | AnalysisException | [PATH_NOT_FOUND] Path does not exist: file:/data/2026-11-21. | src/com/acme/Main.java:15",
      "src/com/acme/Main.java:8 Main.main > src/com/acme/Main.java:15 Main.run",
    ]);
  });

  test("a structured log is read as the plain one", async () => {
    const record = {
      ts: "2026-11-21T09:00:01.000Z",
      level: "ERROR",
      msg: "Exception in task 0.0 in stage 0.0 (TID 0)",
      exception: {
        class: "java.lang.ArithmeticException",
        msg: "[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012",
        stacktrace: [{ class: "com.acme.Job$", method: "main", file: "Job.scala", line: "7" }],
      },
      logger: "Executor",
    };
    assert.deepEqual(
      (await causeOf(JSON.stringify(record), ["Job.scala"]))[0],
      "worker-exception | ArithmeticException | [DIVIDE_BY_ZERO] Division by zero. | Job.scala:7",
    );
  });

  test("the driver's lack of memory is told before what it left behind", async () => {
    const log = `Exception in thread "dag-scheduler-event-loop" java.lang.OutOfMemoryError: Java heap space
\tat java.base/java.util.Arrays.copyOf(Arrays.java:3745)
ERROR:root:Exception while sending command.
Traceback (most recent call last):
  File "/opt/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/java_gateway.py", line 1224, in send_command
    raise Py4JNetworkError("Answer from Java side is empty")
py4j.protocol.Py4JNetworkError: Answer from Java side is empty
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 9, in <module>
    rows = df.collect()
  File "/opt/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/java_gateway.py", line 1224, in send_command
    raise Py4JNetworkError("Error while sending or receiving")
py4j.protocol.Py4JNetworkError: Answer from Java side is empty`;
    assert.equal((await causeOf(log, ["main.py"]))[0], "cluster | OutOfMemoryError | Java heap space | null:null");
  });

  test("a container that YARN killed for its memory is told", async () => {
    const log = `2026-11-21 09:00:01,123 WARN TaskSetManager: Lost task 0.0 in stage 0.0 (TID 0) (node7 executor 2): ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason: Container killed by YARN for exceeding physical memory limits. 5.6 GB of 5.5 GB physical memory used.
2026-11-21 09:00:02,000 ERROR TaskSchedulerImpl: Lost executor 2 on node7: Container killed by YARN`;
    const told = await explainedOf(log);
    assert.equal(told.length, 1);
    assert.match(told[0]?.message ?? "", /exceeding physical memory limits/);
    assert.match(told[0]?.advice ?? "", /memoryOverhead/);
  });

  test("the reason that Kubernetes tells in the next line is a part of the message", async () => {
    const log = `26/11/21 09:00:02 WARN TaskSetManager: Lost task 0.0 in stage 0.0 (TID 0) (10.42.0.17 executor 2): ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason: 
The executor with id 2 exited with exit code 137(SIGKILL, possible container OOM).


The API gave the following container statuses:`;
    const [first] = await explainedOf(log);
    assert.match(
      first?.message ?? "",
      /Reason: The executor with id 2 exited with exit code 137\(SIGKILL, possible container OOM\)\.$/,
    );
  });

  test("what is left of a JVM without memory is not the cause", async () => {
    const log = `26/11/21 22:42:04 WARN TaskSetManager: Lost task 0.0 in stage 0.0 (TID 0) (localhost executor driver): java.lang.OutOfMemoryError: Java heap space
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 5, in <module>
    rows = big.toPandas()
py4j.protocol.Py4JJavaError: An error occurred while calling o36.getResult.
: java.lang.NullPointerException: Cannot invoke "org.apache.spark.scheduler.DAGScheduler.cleanupQueryJobs(long)" because the return value is null
\tat org.apache.spark.sql.classic.Dataset.collect(Dataset.scala:1)`;
    assert.equal((await causeOf(log, ["main.py"]))[0], "cluster | OutOfMemoryError | Java heap space | null:null");
  });

  test("Java's exception of a call is told, though a warning with a trace of Java stands before it", async () => {
    const log = `26/11/21 22:33:31 WARN FileStreamSink: Assume no metadata directory.
java.lang.RuntimeException: java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found
\tat org.apache.hadoop.conf.Configuration.getClass(Configuration.java:2737)
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 4, in <module>
    spark.read.csv("s3a://bucket/orders.csv").show()
py4j.protocol.Py4JJavaError: An error occurred while calling o26.csv.
: java.lang.RuntimeException: java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found
\tat org.apache.hadoop.conf.Configuration.getClass(Configuration.java:2737)
Caused by: java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found
\t... 24 more`;
    const [first] = await explainedOf(log, ["main.py"]);
    assert.deepEqual(
      [first?.origin, first?.exceptionType, first?.file, first?.line],
      ["import", "ClassNotFoundException", "main.py", 4],
    );
    assert.match(first?.advice ?? "", /hadoop-aws/);
  });

  test("a cancelled job is no fault", async () => {
    const log = `Traceback (most recent call last):
  File "/home/ada/job/main.py", line 9, in <module>
    df.show()
pyspark.errors.exceptions.connect.SparkException: [OPERATION_CANCELED] Operation has been canceled. SQLSTATE: HY008`;
    assert.equal(
      (await causeOf(log, ["main.py"]))[0],
      "cancelled | SparkException | [OPERATION_CANCELED] Operation has been canceled. | main.py:9",
    );
  });

  test("a log of a job that went well tells nothing", async () => {
    const log = `26/11/21 09:00:01 INFO SparkContext: Running Spark version 3.5.1
26/11/21 09:00:09 WARN TaskSetManager: Stage 3 contains a task of very large size
26/11/21 09:00:10 ERROR Worker: Failed to launch executor app-20261121050051-0000/2 for cells.
java.lang.IllegalStateException: Shutdown hooks cannot be modified during shutdown.
\tat org.apache.spark.util.SparkShutdownHookManager.add(ShutdownHookManager.scala:195)`;
    assert.deepEqual(await explainedOf(log), []);
  });
});

describe("what spark-submit says at the end", () => {
  for (const last of [
    "org.apache.spark.SparkUserAppException: User application exited with 1",
    "org.apache.spark.SparkException: Application application_1732170000000_0007 finished with failed status",
  ]) {
    test(`"${last.slice(0, 60)}" is no cause`, async () => {
      const log = `Traceback (most recent call last):
  File "/home/ada/job/main.py", line 7, in <module>
    rows = rates["CHF"]
KeyError: 'CHF'
26/11/21 05:00:26 INFO ShutdownHookManager: Shutdown hook called
Exception in thread "main" ${last}
\tat org.apache.spark.deploy.PythonRunner$.main(PythonRunner.scala:103)`;
      const told = await explainedOf(log, ["main.py"]);
      assert.deepEqual(
        told.map(({ exceptionType, file, line }) => [exceptionType, file, line]),
        [["KeyError", "main.py", 7]],
      );
    });
  }
});

describe("native crashes", () => {
  const gone = `26/11/21 05:11:06 ERROR Executor: Exception in task 0.0 in stage 0.0 (TID 0)
org.apache.spark.SparkException: Python worker exited unexpectedly (crashed)`;

  test("of several threads, the one that crashed is told, outermost call first", async () => {
    const log = `${gone}: Fatal Python error: Floating-point exception

Thread 0x00007ff822408b80 (most recent call first):
  File "/usr/lib/python3.12/threading.py", line 355 in wait
  File "/srv/app/watch.py", line 3 in run

Current thread 0x00007ff822409000 [worker] (most recent call first):
  File "/srv/app/job.py", line 6 in inner
  File "/srv/app/job.py", line 16 in weight
  File "/opt/spark/python/lib/pyspark.zip/pyspark/worker.py", line 2884 in main

Extension modules: numpy, fastgeo (total: 2)

\tat org.apache.spark.api.python.BasePythonRunner.read(PythonRunner.scala:1143)
Caused by: java.io.EOFException
\t... 23 more`;
    assert.deepEqual(await causeOf(log, ["job.py", "watch.py"]), [
      "crash | SIGFPE | Fatal Python error: Floating-point exception | job.py:6",
      "job.py:16 weight > job.py:6 inner",
    ]);
  });

  test("what C++ printed and the calls of Python are one crash", async () => {
    const driver = `${gone}: Fatal Python error: Aborted

Current thread 0x00007ff822409000 (most recent call first):
  File "/srv/app/job.py", line 16 in weight
`;
    const executor = `[Stage 0:>    (0 + 2) / 2]terminate called after throwing an instance of 'std::bad_alloc'26/11/21 05:11:05 INFO Executor: Running
  what():  std::bad_alloc`;
    const told = await explainedOf([driver, executor], ["job.py"]);
    assert.equal(told.length, 1);
    const { exceptionType, message, line, advice } = told[0] ?? {};
    assert.deepEqual(
      [exceptionType, message, line],
      ["SIGABRT", "terminate called after throwing an instance of 'std::bad_alloc'", 16],
    );
    assert.match(advice ?? "", /std::bad_alloc/);
  });

  const printed: [line: string, signal: string][] = [
    ["double free or corruption (!prev)", "SIGABRT"],
    ["*** stack smashing detected ***: terminated", "SIGABRT"],
    ["free(): invalid pointer", "SIGABRT"],
    ["python3: geo.cpp:41: double area(int): Assertion `n > 0' failed.", "SIGABRT"],
    ["Fatal Python error: Bus error", "SIGBUS"],
  ];
  for (const [line, signal] of printed) {
    test(`"${line}" in an executor's stderr says what the worker died of`, async () => {
      const [told] = await causeOf([gone, line]);
      assert.equal(told, `crash | ${signal} | ${line} | null:null`);
    });
  }
});

describe("libraries that do not load", () => {
  const raised = (error: string) => `org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "/srv/app/job.py", line 14, in native
    import fastgeo
${error}
`;
  const cases: [error: string, message: string, advice: RegExp][] = [
    [
      "ImportError: /lib64/libc.so.6: version `GLIBC_2.34' not found (required by /data/userFiles-1/fastgeo.so)",
      "/lib64/libc.so.6: version `GLIBC_2.34' not found (required by /data/userFiles-1/fastgeo.so)",
      /GLIBC_2\.34.*older/,
    ],
    [
      "OSError: /data/spark-1/userFiles-1/libgeo.so: wrong ELF class: ELFCLASS32",
      "libgeo.so: wrong ELF class: ELFCLASS32",
      /another system or processor/,
    ],
    [
      "ImportError: fastgeo.so: undefined symbol: _ZN3geo4areaEi",
      "fastgeo.so: undefined symbol: _ZN3geo4areaEi",
      /_ZN3geo4areaEi/,
    ],
    [
      "ImportError: /data/work/app-1/0/fastgeo.so: failed to map segment from shared object",
      "fastgeo.so: failed to map segment from shared object",
      /noexec/,
    ],
  ];
  for (const [error, message, advice] of cases) {
    test(error.slice(0, 70), async () => {
      const [first] = await explainedOf(raised(error), ["job.py"]);
      assert.deepEqual([first?.origin, first?.message, first?.line], ["import", message, 14]);
      assert.match(first?.advice ?? "", advice);
    });
  }
});

describe("failures of the query and of the cluster", () => {
  const raised = (error: string) => `Traceback (most recent call last):
  File "/home/ada/job/main.py", line 7, in <module>
    df.show()
${error}`;

  test("an error of a query is told at the line that it was written at, where Spark names it", async () => {
    const log =
      raised(`pyspark.errors.exceptions.captured.ArithmeticException: [DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012
== DataFrame ==
"__truediv__" was called from
/home/ada/job/main.py:4
`);
    assert.equal(
      (await causeOf(log, ["main.py"]))[0],
      "worker-exception | ArithmeticException | [DIVIDE_BY_ZERO] Division by zero. | main.py:4",
    );
  });

  const cases: [error: string, told: string][] = [
    [
      "pyspark.errors.exceptions.captured.ParseException: \n[PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'.(line 1, pos 0)\n\n== SQL ==\nSELEC 1",
      "analysis | ParseException | [PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'.(line 1, pos 0) | main.py:7",
    ],
    [
      'pyspark.errors.exceptions.connect.SparkConnectGrpcException: <_MultiThreadedRendezvous of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n\tdetails = "failed to connect to all addresses"\n>',
      "cluster | SparkConnectGrpcException | failed to connect to all addresses | null:null",
    ],
    [
      'py4j.protocol.Py4JJavaError: An error occurred while calling o30.parquet.\n: org.apache.hadoop.security.AccessControlException: Permission denied: user=ada, access=WRITE, inode="/data"\n\tat org.apache.hadoop.hdfs.FSPermissionChecker.check(FSPermissionChecker.java:400)',
      'output | AccessControlException | Permission denied: user=ada, access=WRITE, inode="/data" | main.py:7',
    ],
    [
      "py4j.protocol.Py4JJavaError: An error occurred while calling o30.load.\n: org.apache.spark.SparkClassNotFoundException: [DATA_SOURCE_NOT_FOUND] Failed to find the data source: delta. SQLSTATE: 42K02\nCaused by: java.lang.ClassNotFoundException: delta.DefaultSource\n\t... 19 more",
      "analysis | SparkClassNotFoundException | [DATA_SOURCE_NOT_FOUND] Failed to find the data source: delta. | main.py:7",
    ],
  ];
  for (const [error, told] of cases) {
    test(told, async () => assert.equal((await causeOf(raised(error), ["main.py"]))[0], told));
  }
});
