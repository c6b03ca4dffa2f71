import type { DataFormat } from "../../core/job.ts";

/** An SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name in quotes. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL list of string literals. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(literal).join(", ")}]`;
}

/** An SQL struct literal of texts by name. */
export function struct(entries: readonly (readonly [name: string, value: string])[]): string {
  return `{${entries.map(([name, value]) => `${literal(name)}: ${literal(value)}`).join(", ")}}`;
}

/** A path in which `*`, `?` and `[` stand for themselves. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[]/g, "[$&]");
}

/** The table function that reads Parquet files whose columns are the same. */
export function readParquet(files: readonly string[]): string {
  return `read_parquet(${list(files)})`;
}

/** The end of a COPY statement. `temporary` files are read once by us: cheap to write matters more than small. */
export function writer(format: DataFormat, { temporary }: { temporary: boolean }): string {
  switch (format) {
    case "parquet":
      return temporary ? "(FORMAT parquet, COMPRESSION uncompressed)" : "(FORMAT parquet, COMPRESSION zstd)";
    case "csv":
      return "(FORMAT csv, HEADER true)";
    case "ndjson":
      return "(FORMAT json)";
  }
}
