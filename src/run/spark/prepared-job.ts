import type { DataFormat } from "../../core/job.ts";
import type { Output } from "../output.ts";

type Column = { name: string; type: string };

/** What becomes of the rows that Spark computes. */
export type Destination =
  /** They are written as Parquet parts into a folder that this machine sees too, which makes the output of them. */
  | {
      kind: "output";
      output: Output;
      parts: string;
      format: DataFormat;
      /** Whether the parts are the result as Spark writes them. */
      keepsParts: boolean;
    }
  /** Spark writes a folder of Parquet into a storage of its own; its first rows come to `preview`, a file here. */
  | { kind: "storage"; address: string; overwrite: boolean; preview: string };

/** A job that this machine has planned. */
export type PreparedJob = {
  modules: readonly string[];
  /** What Spark reads: addresses of Parquet. */
  input: readonly string[];
  sampleRows: number | undefined;
  map: string;
  reduce: string | null;
  destination: Destination;
  columns: Column[];
};

/** What a run needs of this machine beside the cluster; handed in, as the local runner has it. */
export type Preparation = {
  /** What Spark's session must be like for the statements. */
  sqlSettings: Readonly<Record<string, string>>;
  /** The input's address where only Spark can tell its columns. Throws what stands against the job before it is planned. */
  addressToDescribe(): Promise<string | undefined>;
  /** `columns`: of that address. */
  prepare(columns: Column[] | undefined): Promise<PreparedJob>;
  /** Puts Parquet parts together, in their order, as one file of a format. */
  write(files: { parts: readonly string[]; output: string; format: DataFormat }): Promise<unknown>;
  preview(files: {
    files: readonly string[];
    format: DataFormat;
    columns: Column[];
  }): Promise<{ rows: number; columns: Column[]; preview: (string | null)[][] }>;
};
