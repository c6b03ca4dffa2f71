import type { DataFormat } from "../../core/job.ts";

/** An SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function list(files: readonly string[]): string {
  return `[${files.map(literal).join(", ")}]`;
}

/**
 * The table function that reads files of a format. Bad lines of CSV are set aside by DuckDB into `reject_errors`, which
 * names their line; whoever reads must look there. Names are taken as they are, so that a `*` in one is no glob.
 */
export function reader(format: DataFormat, files: readonly string[], options = ""): string {
  switch (format) {
    case "parquet":
      return `read_parquet(${list(files)}${options})`;
    case "csv":
      return `read_csv(${list(files)}, store_rejects = true, rejects_limit = 10${options})`;
    case "ndjson":
      return `read_json(${list(files)}, format = 'newline_delimited'${options})`;
  }
}

/** The end of a COPY statement. `temporary` files are read once by us: cheap to write matters more than small. */
export function writer(format: DataFormat, { temporary }: { temporary: boolean }): string {
  switch (format) {
    case "parquet":
      return temporary ? "(FORMAT parquet, COMPRESSION snappy)" : "(FORMAT parquet, COMPRESSION zstd)";
    case "csv":
      return "(FORMAT csv, HEADER true)";
    case "ndjson":
      return "(FORMAT json)";
  }
}
