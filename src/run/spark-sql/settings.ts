/**
 * Settings of a Spark session that the rendered statements rely on, valid for Spark 3.5 and 4.3: whoever runs them sets
 * all of these first. Each is a way in which Spark would otherwise compute, read or write something else than DuckDB.
 */
export const sparkSqlSettings = {
  // an overflow and a bad cast are errors, as in DuckDB, and no null
  "spark.sql.ansi.enabled": "true",
  "spark.sql.ansi.doubleQuotedIdentifiers": "false",
  "spark.sql.ansi.enforceReservedKeywords": "false",
  // days and hours are counted in UTC
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.caseSensitive": "false",
  // decimals keep their scale; what does not fit is an error and is not rounded
  "spark.sql.decimalOperations.allowPrecisionLoss": "false",
  // a backslash in a text is written as two, and "${…}" is not replaced
  "spark.sql.parser.escapedStringLiterals": "false",
  "spark.sql.variable.substitute": "false",
  // NaN, -0.0 and nulls in lists, maps and structs
  "spark.sql.legacy.sizeOfNull": "false",
  "spark.sql.legacy.statisticalAggregate": "false",
  "spark.sql.legacy.setopsPrecedence.enabled": "false",
  "spark.sql.legacy.timeParserPolicy": "CORRECTED",
  "spark.sql.legacy.bangEqualsNot": "false",
  // timestamps in files: microseconds, with and without a time zone apart, in today's calendar at all times
  "spark.sql.timestampType": "TIMESTAMP_LTZ",
  "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
  "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
  "spark.sql.parquet.writeLegacyFormat": "false",
  "spark.sql.parquet.binaryAsString": "false",
  "spark.sql.parquet.int96AsTimestamp": "true",
  "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
  "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
  "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
  "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
} as const satisfies Record<string, string>;
