import type { AdviceRule } from "./advice-rule.ts";

/** Packages of the data sources that are asked for most and are not in Spark itself. */
const packages: Readonly<Record<string, string>> = {
  avro: "org.apache.spark:spark-avro_2.13",
  delta: "io.delta:delta-spark_2.13",
  iceberg: "org.apache.iceberg:iceberg-spark-runtime",
  kafka: "org.apache.spark:spark-sql-kafka-0-10_2.13",
};

/** What to do about queries that cannot be run, and about values that they meet. */
export const onQueries: readonly AdviceRule[] = [
  {
    message:
      /RESULT_(?:COLUMN|COLUMNS|TYPE|SCHEMA)|UDTF_RETURN_|ARROW_TYPE_MISMATCH|does not match (?:the )?(?:specified|expected) (?:type|schema)/,
    advice: () => "Return exactly the columns and types of the schema that the function was declared with.",
  },
  {
    message: /did you mean one of the following\? \[`?([^`\],]+)/i,
    advice: (name) => `Did you mean ${name}?`,
  },
  {
    message: /UNRESOLVED_COLUMN|CANNOT_RESOLVE_DATAFRAME_COLUMN|cannot resolve '/,
    advice: () => "Correct the column's name: printSchema() shows which there are.",
  },
  {
    message: /TABLE_OR_VIEW_NOT_FOUND|Table or view not found|SCHEMA_NOT_FOUND|Database .* not found/,
    advice: () =>
      "Correct the name, with its catalog and schema, or make the table or view before: temporary views belong to one session. spark.catalog.listTables() shows which there are.",
  },
  {
    message: /UNRESOLVED_ROUTINE|Undefined function/,
    advice: () => "Correct the function's name, or register it in this session before (spark.udf.register).",
  },
  {
    message: /\[PARSE_|mismatched input/,
    advice: () => "Spark cannot read the query's text: look at the word that is named, and at what stands before it.",
  },
  {
    message: /COLUMN_ALREADY_EXISTS|[Dd]uplicate column/,
    advice: () => "Two columns have one name: rename or drop one of them before.",
  },
  {
    message: /CANNOT_PARSE_DATATYPE|UNSUPPORTED_DATATYPE/,
    advice: () => "Name a type that Spark has, such as int, bigint, double, string, date, timestamp or array<int>.",
  },
  {
    message: /JVM_ATTRIBUTE_NOT_SUPPORTED|NOT_SUPPORTED_WITH_SPARK_CONNECT/,
    advice: () => "Spark Connect has no SparkContext and no RDDs: use data frames, or a classic session.",
  },
  {
    message: /ATTRIBUTE_NOT_SUPPORTED|'(?:DataFrame|Column)' object has no attribute/,
    advice: () => "There is no such column, method or attribute: correct its name (printSchema() shows the columns).",
  },
  {
    message: /MISSING_AGGREGATION|MISSING_GROUP_BY|neither present in the group by/,
    advice: () => "Add it to the GROUP BY, or put it into an aggregate such as any_value() or max().",
  },
  {
    message: /AMBIGUOUS_|is ambiguous/,
    advice: () =>
      'Several columns have the name: say whose it is (df.alias("a"), then "a.id"), rename one, or join by the name (on="id"), which keeps one of them.',
  },
  {
    message: /NUM_COLUMNS_MISMATCH|same number of columns/,
    advice: () => "Give all sides the same columns, or use unionByName(other, allowMissingColumns=True).",
  },
  {
    message: /DATATYPE_MISMATCH|INCOMPATIBLE_|CANNOT_MERGE_|data type mismatch/,
    advice: () => "Cast the value to the type that is asked for, or correct the column that is given.",
  },
  { message: /WRONG_NUM_ARGS|NUM_ARGS/, advice: () => "Give the function the number of arguments that it takes." },
  {
    message: /DIVIDE_BY_ZERO|REMAINDER_BY_ZERO/,
    advice: () =>
      "A row's divisor is zero: use try_divide(a, b), or nullif(b, 0) as the divisor, or filter such rows before.",
  },
  {
    message: /ARITHMETIC_OVERFLOW|CAST_OVERFLOW|NUMERIC_VALUE_OUT_OF_RANGE|OVERFLOW/,
    advice: () =>
      "A row's value is too large for the type: cast to a wider one before (decimal, double), or use try_add, try_multiply or try_cast, which give null.",
  },
  {
    message: /CAST_INVALID_INPUT|CANNOT_PARSE_|MALFORMED_RECORD|INCONSISTENT_BEHAVIOR|CONVERSION_INVALID_INPUT/,
    advice: () =>
      "A row has a text that is no such value: use try_cast, try_to_date or try_to_timestamp, which give null, and look at these rows; or name the format.",
  },
  {
    message: /SCALAR_SUBQUERY_TOO_MANY_ROWS/,
    advice: () => "A subquery that stands for a value gives several rows: aggregate it, or join instead.",
  },
  {
    message: /NULL_MAP_KEY|DUPLICATED_MAP_KEY/,
    advice: () => "A row's keys are null or there twice: filter them before.",
  },
  {
    message: /INVALID_ARRAY_INDEX|ELEMENT_AT|MAP_KEY_DOES_NOT_EXIST/,
    advice: () => "A row has fewer elements: use get() or try_element_at(), which give null.",
  },
  {
    message:
      /is not a Parquet file|Could not read footer|FAILED_READ_FILE|magic number|CANNOT_READ_FILE_FOOTER|Malformed ORC/,
    advice: () =>
      "The file is damaged, not written to its end, or of another format. Remove or rewrite it; spark.sql.files.ignoreCorruptFiles=true passes over such files.",
  },
  {
    message: /UNABLE_TO_INFER_SCHEMA|Unable to infer schema/,
    advice: () =>
      "Nothing can be read there: no files, or all of another format. Correct the path, or give the schema.",
  },
  {
    message: /find (?:the )?data source: ([\w-]+(?:\.[\w-]+)*)/,
    advice: (name) =>
      `Ship the package of the data source ${name}${packages[name] === undefined ? "" : ` (${packages[name]})`} with --packages or spark.jars.packages, made for this version of Spark.`,
  },
  {
    message: /S3AFileSystem|No FileSystem for scheme|UNSUPPORTED_FILESYSTEM|Class (\S*FileSystem) not found/,
    advice: () =>
      "The connector of that file system is missing: add its package (for s3a org.apache.hadoop:hadoop-aws of Spark's version of Hadoop) with --packages. Outside of EMR a path begins with s3a://.",
  },
  {
    type: /^(?:ClassNotFoundException|NoClassDefFoundError)$/,
    message: /(?<![\w$])([\w$]+(?:[./][\w$]+)+)/,
    advice: (name) =>
      `The jar that has ${name.replaceAll("/", ".")} is missing: add it with --jars or --packages, for the driver and the executors.`,
  },
  {
    message: /Can ?not load class (\S+?),|No suitable driver|CANNOT_LOAD_FUNCTION_CLASS/,
    advice: (name) =>
      `The jar that has ${name === "" ? "it" : name} is missing: add it with --jars or --packages, for the driver and the executors.`,
  },
  {
    message: /USER_RAISED_EXCEPTION|ASSERT_TRUE/,
    advice: () =>
      "The query itself raises it, by raise_error() or assert_true(): look at the rows that it is raised for.",
  },
  {
    message: /FILE_NOT_EXIST|^File \S+ does not exist/,
    advice: () =>
      "The file went away, or was written anew, after the query had listed it: read the table anew (spark.catalog.refreshByPath), and write to another path than the one that is read.",
  },
  {
    message: /PARQUET_COLUMN_DATA_TYPE_MISMATCH|PARQUET_CONVERSION_FAILURE/,
    advice: () =>
      "The files have the column as another type than the schema that they are read with: correct the schema, then cast.",
  },
  {
    message: /PATH_NOT_FOUND|Path does not exist|Input path does not exist/,
    advice: () =>
      "Correct the path. One without a scheme is taken from the default file system, and a relative one from the folder that the driver runs in.",
  },
  {
    message: /NOT_EXPECTED_TYPE|NOT_COLUMN|should be (?:a )?Column/,
    advice: () => "Give what is asked for: a plain value becomes a column by F.lit(…).",
  },
  {
    message: /CANNOT_CONVERT_COLUMN_INTO_BOOL|Cannot convert column into bool/,
    advice: () => "Columns are combined with & | ~, each comparison in brackets: (a > 1) & (b < 2).",
  },
  {
    message:
      /FIELD_NOT_NULLABLE|CANNOT_ACCEPT_OBJECT|FIELD_DATA_TYPE_UNACCEPTABLE|DATA_TYPE_UNACCEPTABLE|LENGTH_SHOULD_BE_THE_SAME|AXIS_LENGTH_MISMATCH|CANNOT_BE_NONE/,
    advice: () => "A value or row does not fit the schema that is named beside it: correct the one or the other.",
  },
  {
    message: /SESSION_OR_CONTEXT_NOT_EXISTS/,
    advice: () => "Make the session before this line: SparkSession.builder.getOrCreate().",
  },
  {
    message: /Method ([^\s(]+)\(.*\) does not exist/,
    advice: (name) =>
      `Spark's JVM has no ${name}() that takes these types: give other ones. Names with _j are private, and another in each version.`,
  },
  {
    message: /larger than max|RESOURCE_EXHAUSTED|message too large/i,
    advice: () =>
      "Too much is sent in one message: write local data to a file and read it, or raise spark.connect.grpc.maxInboundMessageSize.",
  },
  {
    message: /SESSION_CLOSED|SESSION_NOT_FOUND|INVALID_HANDLE/,
    advice: () => "The server has ended the session: make a new one, and keep it in use.",
  },
  {
    message: /broadcast|Futures timed out/i,
    advice: () =>
      "The smaller side took too long or is too large: raise spark.sql.broadcastTimeout, or set spark.sql.autoBroadcastJoinThreshold to -1.",
  },
];
