import type { FailureOrigin } from "./explanation.ts";
import type { Failure } from "./failure.ts";

type Rule = { origin: FailureOrigin; type?: RegExp; message?: RegExp };

/** The first rule that fits says what a failure belongs to. */
const rules: readonly Rule[] = [
  { origin: "cluster", message: /SparkContext was shut down|finished with failed status/ },
  { origin: "cancelled", type: /^(?:KeyboardInterrupt|CancelledError)$/ },
  {
    origin: "cancelled",
    message:
      /SPARK_JOB_CANCELLED|OPERATION_CANCELED|\bjob \d+ (?:has been )?cancell?ed|cancell?ed (?:as )?part of (?:cancell?ed|cancellation of)|Query \S+ was cancell?ed|Job Group .* cancell?ed|^Interrupted by/i,
  },
  {
    origin: "cluster",
    message:
      /PYTHON_VERSION_MISMATCH|Python in worker has different version|Cannot run program|pyspark\.daemon's std|Python interpreter .* not found|UnsupportedClassVersionError|has not accepted any resources|All masters are unresponsive|Master removed our application|JAVA_GATEWAY_EXITED|Java gateway process exited|Answer from Java side is empty|An error occurred while trying to connect to the Java server|StatusCode\.UNAVAILABLE|failed to connect to all addresses|Total size of serialized results|spark\.driver\.maxResultSize|Futures timed out|Failed to connect to|Python worker (?:failed to connect back|did not connect)|No module named ['"]?pyspark\b(?!\.)/i,
  },
  {
    origin: "cluster",
    type: /^(?:ExecutorLostFailure|FetchFailed|OutOfMemoryError|SparkOutOfMemoryError|UnsupportedClassVersionError|Py4JNetworkError|SessionNotSameException)$/,
  },
  {
    origin: "output",
    message:
      /No space left on device|Disk quota exceeded|PATH_ALREADY_EXISTS|path .* already exists|access=WRITE|Mkdirs failed|Output directory .* already exists|Read-only file system/i,
  },
  { origin: "serialize", type: /^(?:PicklingError|UnpicklingError|NotSerializableException|PickleException)$/ },
  {
    origin: "serialize",
    message:
      /cannot pickle|can't pickle|cannot be pickled|Can't get (?:local object|attribute)|Could not serialize object|Task not serializable|CONTEXT_ONLY_VALID_ON_DRIVER|reference SparkContext from|CONTEXT_UNAVAILABLE_FOR_REMOTE_CLIENT|pickle data was truncated|unsupported pickle protocol/i,
  },
  {
    origin: "import",
    type: /^(?:ModuleNotFoundError|ImportError|ZipImportError|UnsatisfiedLinkError|ClassNotFoundException|NoClassDefFoundError|PackageNotFoundError)$/,
  },
  {
    origin: "import",
    message:
      /cannot open shared object file|wrong ELF class|invalid ELF header|undefined symbol|version [`'](?:GLIBC|GLIBCXX|CXXABI)|failed to map segment|cannot enable executable stack|not a valid Win32|mach-o|PACKAGE_NOT_INSTALLED|UNSUPPORTED_PACKAGE_VERSION|must be installed; however, it was not found/i,
  },
  {
    origin: "analysis",
    type: /^(?:AnalysisException|ParseException|ExtendedAnalysisException|NoSuchTableException|NoSuchDatabaseException)$/,
  },
  {
    origin: "analysis",
    message:
      /^\[(?:UNRESOLVED_|PARSE_|PATH_NOT_FOUND|TABLE_OR_VIEW_|DATATYPE_MISMATCH|AMBIGUOUS_|MISSING_|UNSUPPORTED_|INVALID_(?!ARRAY_INDEX|INDEX_OF_ZERO|PARAMETER_VALUE|FRACTION|UTF8|UTC|VARIANT|URL|JSON)|WRONG_NUM_ARGS|DATA_SOURCE_NOT_FOUND|SCHEMA_NOT_FOUND|COLUMN_)/,
  },
];

/** What part of the job failed. */
export function originOf({ kind, side, type, message, frames, inTask, state }: Failure): FailureOrigin {
  if (kind === "crash") return "crash";
  // the way to Spark's JVM, not a service that the author's code calls
  if (
    /^(?:Connection(?:Refused|Reset|Aborted)|BrokenPipe)Error$/.test(type ?? "") &&
    frames.some(({ file }) => file.includes("py4j"))
  )
    return "cluster";
  // what launchers and schedulers say is no exception
  if (kind === "java" && type === null) return "cluster";
  const fits = (rule: Rule) =>
    (!rule.type || rule.type.test(type ?? "")) && (!rule.message || rule.message.test(message));
  const origin = rules.find(fits)?.origin;
  // what the author's own function meets on a worker is not the job's output or plan
  if (side === "worker" && kind === "python" && (origin === "analysis" || origin === "output"))
    return "worker-exception";
  // a query whose tasks run has been analysed
  if (inTask && origin === "analysis") return "worker-exception";
  if (origin === undefined && !/^PySpark/.test(type ?? "") && /^\[[A-Z][A-Z0-9_.]+\] /.test(message)) {
    if (side === "driver" && !inTask && /^(?:42|0A)$/.test(state ?? "")) return "analysis";
    // Spark's own words for what a task of a query failed of; PySpark's, which have no type here, are the driver's
    if (type !== null || state !== undefined) return "worker-exception";
  }
  return origin ?? (side === "worker" || inTask ? "worker-exception" : "driver-exception");
}
