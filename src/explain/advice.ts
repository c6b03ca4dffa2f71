import { onPython } from "./advice-on-python.ts";
import { onQueries } from "./advice-on-queries.ts";
import type { AdviceRule } from "./advice-rule.ts";
import type { FailureOrigin } from "./explanation.ts";
import type { Failure } from "./failure.ts";
import type { NativePlace } from "./native-lines.ts";

type Told = Pick<
  Failure,
  "kind" | "side" | "type" | "message" | "detail" | "frames" | "native" | "position" | "lacksCause"
> & {
  locals: readonly string[];
  /** Whether it has Spark's own calls too. */
  isWhole: boolean;
};
/** The first rule that fits gives the advice. */
const rules: readonly AdviceRule[] = [
  {
    message: /PyInit_(\w+)/,
    advice: (name) =>
      `The file was renamed after it was built, or is no Python extension: its module has another name than ${name}. Import it under the name that it was built with, or build it anew.`,
  },
  {
    message: /version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\w.]+)' not found/,
    advice: (version) =>
      `It was built on a newer system than the executors have (${version}). Build it on an older one, and link libstdc++ statically.`,
  },
  {
    message: /wrong ELF class|invalid ELF header|Exec format error|not a valid Win32|mach-o/i,
    advice: () =>
      "It was built for another system or processor than the executors have. Build it for theirs, and see that the file arrived whole.",
  },
  {
    message: /failed to map segment/,
    advice: () => "The folder that the file lies in forbids running code (noexec). Set spark.local.dir to another.",
  },
  {
    message: /undefined symbol: (\S+)/,
    advice: (symbol) =>
      `A library that defines ${symbol} is missing or has another version on the executors. Link it statically.`,
  },
  {
    message: /^(lib[^/:\s]+\.so[.\d]*): cannot open shared object file/,
    advice: (name) =>
      `The executors lack ${name}, which the shared object needs. Link it statically, or ship it beside with $ORIGIN as its rpath.`,
  },
  {
    message: /^(\S+): cannot open shared object file/,
    advice: (name) =>
      `If ${name.slice(name.lastIndexOf("/") + 1)} is there, it was built for another processor (see "file" of it and "uname -m" on the executors). Else ship it with --files, addFile or addArtifact.`,
  },
  {
    message: /PACKAGE_NOT_INSTALLED|UNSUPPORTED_PACKAGE_VERSION|must be installed; however/,
    advice: () =>
      "Install the package in the version that is named, for the Python that drives the job and for the executors'.",
  },
  {
    message: /PYTHON_VERSION_MISMATCH|Python in worker has different version/,
    advice: () =>
      "Set PYSPARK_PYTHON (spark.pyspark.python) to the same version of Python as the driver's, on all executors.",
  },
  {
    message: /Cannot run program "([^"]+)"/,
    advice: (program) =>
      `PYSPARK_PYTHON or spark.pyspark.python names ${program}, which the executors lack. Name a Python that is there.`,
  },
  {
    message: /pyspark\.daemon's std/,
    advice: () =>
      "Python did not start on an executor: read what it wrote into the executor's stderr. PYSPARK_PYTHON has to be a Python there that works, with the driver's version of Spark.",
  },
  {
    message: /No module named '?((?:pandas|pyarrow|numpy|scipy|sklearn|torch|tensorflow|xgboost|lightgbm|grpc)\b)/,
    side: "worker",
    advice: (name) =>
      `The executors' Python lacks ${name}. It has compiled parts, so that addPyFile cannot ship it: install it there, or ship a whole environment (conda-pack or venv-pack, --archives).`,
  },
  {
    message: /No module named '?([\w.]+)/,
    side: "driver",
    advice: (name) =>
      `The Python that drives the job has no ${name}: install it there, or see that the folder it lies in is on the PYTHONPATH.`,
  },
  {
    message: /No module named '?([\w.]+)/,
    advice: (name) =>
      `The executors lack ${name}. Ship it with addPyFile or --py-files (Connect: addArtifact), or install it there. A compiled module (.so) cannot be imported from a zip or egg: ship the .so itself.`,
  },
  {
    message: /construction of ClassDict \(for (\w+)/,
    advice: (name) =>
      `The function gives a value of ${name}, and Spark takes Python's own: return value.item(), float(value), or value.tolist() of an array.`,
  },
  {
    message: /cannot import name '([^']+)'/,
    advice: (name) =>
      `The module is there, but has no ${name}: it has another version than the code was written for, a file of yours has its name, or two modules import each other.`,
  },
  {
    message: /Can't get (?:local object|attribute) '?([\w.<>]+)/,
    advice: (name) => `${name} is not in the module that the executors have: ship the same version of it to them.`,
  },
  {
    message: /cannot pickle '?([\w.]+)'? object|Can't pickle .*?([\w.]+)/,
    advice: (name) =>
      `The function refers to ${name || "something"} of the driver, which cannot be sent to the executors. Create it inside of the function, at the first call, or leave it out in __getstate__.`,
  },
  {
    message: /which cannot be sent to the executors|Cannot pickle files/,
    advice: () =>
      "Make it inside of the function, at the first call, or leave it out in __getstate__. A module that makes such things as it is imported can be sent as a file (addPyFile).",
  },
  {
    message: /ctypes objects/,
    advice: () =>
      "A library opened with ctypes belongs to one process. Open it inside of the function, at the first call.",
  },
  {
    message: /CONTEXT_ONLY_VALID_ON_DRIVER|reference SparkContext/,
    advice: () => "A function on the executors must not use the session, the context or a data frame.",
  },
  {
    type: /^NotSerializableException$/,
    advice: () => "The function refers to an object that cannot be sent. Create it inside of the function.",
  },
  {
    message:
      /RESULT_(?:ROWS|LENGTH)_MISMATCH|number of output rows|length of (?:the )?(?:returned|output)|Result vector from pandas_udf was not the required length/,
    advice: () =>
      "The function must give one value for each row: do not filter or unite rows in it (where(…) keeps their number).",
  },
  {
    message: /terminate called|terminating/,
    advice: () => "A C++ exception left the extension. Catch it there, and set a Python error instead.",
  },
  {
    type: /^SIGSEGV$|^SIGBUS$/,
    advice: () =>
      "Native code used memory that is not its own. Run the function under a debugger or a sanitizer with the values of the rows that it crashes at.",
  },
  {
    type: /^Timeout$/,
    advice: () => "It did not come back in time: look at what is called there, and at what it waits for.",
  },
  { type: /^SIGFPE$/, advice: () => "A whole number was divided by zero, or the smallest one by -1." },
  { type: /^SIGILL$/, advice: () => "It was built for a newer processor: build without -march=native." },
  {
    type: /^SIGABRT$/,
    advice: () => "Native code gave up. Run the function under a debugger or a sanitizer.",
  },
  {
    message: /Python worker exited unexpectedly/,
    advice: () =>
      "Native code crashed, or the system killed the worker (out of memory: see the kernel's log; raise spark.executor.memoryOverhead). Set spark.sql.execution.pyspark.udf.faulthandler.enabled and spark.python.worker.faulthandler.enabled to true, and read the executors' stderr.",
  },
  {
    type: /^(?:Spark)?OutOfMemoryError$/,
    advice: () =>
      "The JVM has too little memory: raise spark.driver.memory or spark.executor.memory, and collect less to the driver.",
  },
  {
    message: /maxResultSize/,
    advice: () => "Collect less to the driver (write the result instead), or raise spark.driver.maxResultSize.",
  },
  {
    type: /^ExecutorLostFailure$/,
    advice: () =>
      "The executor's process went away; 137 is a kill, mostly for too much memory. Raise spark.executor.memory and spark.executor.memoryOverhead, or use smaller partitions.",
  },
  {
    message: /No space left on device|Disk quota exceeded/,
    advice: () => "Make room on the disk of the output and of spark.local.dir, or use others.",
  },
  {
    message: /Permission denied|AccessControlException|Mkdirs failed/,
    advice: () => "Give the user that the executors run as the right to write there, or take another path.",
  },
  {
    message: /Application (application_\w+) finished with failed status/,
    advice: (name) => `The cause is in its own logs: explain what "yarn logs -applicationId ${name}" prints.`,
  },
  {
    message: /JAVA_GATEWAY_EXITED|Java gateway process exited/,
    advice: () =>
      "Spark's JVM did not start: install Java 17 or newer, set JAVA_HOME, and read what it printed before.",
  },
  {
    message: /failed to connect to all addresses|Connection refused/i,
    advice: () => "Nothing answers at that address: start the server, or correct the address and port.",
  },
  {
    message: /has not accepted any resources/,
    advice: () => "The cluster has no free executor that fits: ask for less memory or fewer cores.",
  },
  {
    message: /Unsupported class file|UnsupportedClassVersion/,
    advice: () => "Use the Java that this Spark is made for (17 or newer for 4.x).",
  },
  {
    type: /^StackOverflowError$/,
    advice: () =>
      "The plan or the data is nested too deeply, as after withColumn in a long loop: use one select, checkpoint() now and then, or raise -Xss in spark.driver.extraJavaOptions.",
  },
  {
    message: /Buffer overflow.*kryo|kryoserializer\.buffer/i,
    advice: () => "A row or broadcast is larger than Kryo's buffer: raise spark.kryoserializer.buffer.max.",
  },
  {
    message: /Too many open files/,
    advice: () => "Raise the limit of open files (ulimit -n) on the nodes, or use fewer partitions.",
  },
  {
    message:
      /Status Code: 40[13]|Access ?Denied|Forbidden|authentication failed|Unable to load (?:AWS )?credentials|NoCredentials/i,
    advice: () => "The service refuses the credentials: see which the driver and the executors have, and their rights.",
  },
  {
    message: /^Killed$/,
    advice: () =>
      "The system ended the driver, mostly for too much memory: see the kernel's log, raise the memory of its machine or container, and collect less to it.",
  },
  {
    message: /Application (application_\w+) failed/,
    advice: (name) => `The cause is in its own logs: explain what "yarn logs -applicationId ${name}" prints.`,
  },
  {
    message: /Unrecognized option|Unknown\/unsupported param|Missing argument/,
    advice: () =>
      "Correct the option: spark-submit --help lists them. They stand before the script, and its own arguments after it.",
  },
  {
    message: /can't open file '([^']+)'|Missing application resource/,
    advice: (name) =>
      `Correct the script's path${name === "" ? "" : ` (${name})`}: a relative one is taken from the folder that it is submitted from.`,
  },
  {
    message: /All masters are unresponsive|Connection (?:reset|refused)|Answer from Java side is empty|Broken pipe/i,
    side: "driver",
    advice: () =>
      "The other side does not answer: see that it runs (Spark's JVM, master or server), read what it wrote last, and correct the address.",
  },
  {
    message: /unresolved dependency|not found: .*#|Could not resolve/i,
    advice: () =>
      "Correct the coordinates of --packages (group:artifact_scala-version:version), and see that the repository can be reached.",
  },
  {
    message: /Failed to load class|Cannot load main class|No main class/,
    advice: () => "Correct --class, with its package, and see that the jar that is submitted has it.",
  },
  {
    message:
      /Master URL|Master must|must be (?:a positive|set|one of|at least|greater)|Cluster deploy mode|INVALID_CONF_VALUE|should be (?:in|of|a) /,
    advice: () => "Correct that setting where the job is submitted or the session is made.",
  },
  {
    message: /(?:command not found|JAVA_HOME is not set)$/,
    advice: () => "Install Spark and Java 17 there, and set JAVA_HOME and the PATH.",
  },
  ...onQueries,
  {
    message: /already exists/i,
    advice: () => 'Write with mode("overwrite") or mode("append"), or to another path.',
  },
  ...onPython,
];

/** What a person can do about it; null where nothing is known. */
export function adviceOn(failure: Told, origin: FailureOrigin): string | null {
  const parts: string[] = [];
  if (failure.detail) parts.push(`It said: ${failure.detail}.`);
  if (failure.locals.length > 0 && failure.frames.length > 0) {
    parts.push(`The values there: ${failure.locals.slice(-6).join(", ")}.`);
  }
  if (failure.native) parts.push(...adviceOnNative(failure.native, failure.frames.length > 0));
  if (failure.position) parts.push(`It is at ${failure.position} of the query.`);
  const general = generalAdvice(failure, origin);
  if (general !== undefined) parts.push(general);
  if (failure.lacksCause && failure.side === "worker") {
    parts.push(
      "What it was raised from is not in the log: set spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled to false to see it.",
    );
  }
  return parts.length > 0 ? parts.join(" ") : null;
}

function adviceOnNative({ row, partition, module, artifact }: NativePlace, isPlaced: boolean): string[] {
  const stem = artifact?.replace(/\.udf\.so$/, "") ?? `${module}-*`;
  return [
    ...(row === undefined ? [] : [`It was at row ${row} of the partition ${partition ?? "?"} (counted from 0).`]),
    ...(isPlaced
      ? []
      : [`Its line in C++ is known where --root is the module's folder, with artifacts/${stem}.debug.`]),
  ];
}

/** Without a call of the author's it is Spark that handles what a function gave back. */
const ofResult =
  /^Arrow|UDF_RETURN_TYPE|Failed to convert the value|Exception thrown when converting|[Uu]nsupported cast|convert/;

function generalAdvice(
  { type, message, side, kind, frames, native, isWhole }: Told,
  origin: FailureOrigin,
): string | undefined {
  if (origin === "cancelled") return "It was cancelled, so nothing has to be mended.";
  for (const rule of rules) {
    if (rule.side && rule.side !== side) continue;
    if (rule.type && !rule.type.test(type ?? "")) continue;
    const found = rule.message ? rule.message.exec(message) : undefined;
    if (found === null) continue;
    return rule.advice(found?.slice(1).find((group) => group !== undefined) ?? "");
  }
  if (native && kind === "python") return "Correct the function or the row.";
  if (side === "worker" && kind === "python" && frames.length === 0 && ofResult.test(`${type}: ${message}`)) {
    return "What the function returns is not of the type that it was declared with, or cannot be made so: return exactly that type, or declare another.";
  }
  if (side === "worker" && kind === "python" && frames.length === 0 && isWhole) {
    return "Spark's own code met it in what functions or rows gave it: look at the keys, types and shapes that the failing operation works on.";
  }
  if (side === "worker" && kind === "python" && frames.length === 0) {
    return "Set spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled to false to see all of its frames.";
  }
  if (
    origin === "worker-exception" &&
    (side === "driver" || kind === "java") &&
    (kind === "python" || frames.length === 0)
  ) {
    return "Spark met it as it worked on the rows of the query: look at the values, files or services that the message names.";
  }
  if (origin === "worker-exception" && (kind === "java" || side === "worker")) {
    return "A row has a value that the function does not take: handle it there, or filter such rows before.";
  }
  if (origin === "serialize") {
    return "The function refers to something of the driver that cannot be sent to the executors. Create it inside of the function, at the first call.";
  }
  if (kind === "java" && origin === "driver-exception") {
    return "Spark's JVM refused it: correct what is given to it there, or the setting or service that the message names.";
  }
  if (origin === "driver-exception" && kind === "python") {
    return "The script that drives the job raised it, no executor did: correct it at that line.";
  }
  if (origin === "analysis") return "Spark refuses the query before any row is read: correct it as the message says.";
  return undefined;
}
