import type { DataFormat } from "../../core/job.ts";
import type { Output } from "../output.ts";

type Column = { name: string; type: string };

/** A job that this machine has planned: what Spark computes of it, and what becomes of the parts. */
export type PreparedJob = {
  modules: readonly string[];
  /** Parquet files of the input. */
  files: readonly string[];
  sampleRows: number | undefined;
  map: string;
  reduce: string | null;
  /** What Spark's session must be like for these statements. */
  sqlSettings: Readonly<Record<string, string>>;
  output: Output;
  format: DataFormat;
  /** Whether the parts are the result as Spark writes them. */
  keepsParts: boolean;
  columns: Column[];
};

/** What a run needs of this machine beside the cluster; handed in, as the local runner has it. */
export type Preparation = {
  prepare(): Promise<PreparedJob>;
  /** Puts Parquet parts together, in their order, as one file of a format. */
  write(files: { parts: readonly string[]; output: string; format: DataFormat }): Promise<unknown>;
  preview(files: {
    files: readonly string[];
    format: DataFormat;
    columns: Column[];
  }): Promise<{ rows: number; columns: Column[]; preview: (string | null)[][] }>;
};
