/** What a job file imports. It lies in the module so that an editor checks jobs and tests without any package. */
declare module "native-udf" {
  /** Taken from the path's ending where it is not given: .parquet, .csv, .ndjson or .jsonl. */
  export type DataFormat = "parquet" | "csv" | "ndjson";

  /** Paths are relative to the module's folder; on Spark they may be addresses too ("s3a://flights/2026/"). */
  export type Job = {
    /** Names of the modules whose functions the SQL calls. */
    modules: string[];
    input: {
      /** One file, or a glob such as "data/*.parquet" of files that have the same columns. */
      path: string;
      format?: DataFormat;
    };
    /** SELECT … FROM input: each row by itself, so no aggregate, window, ORDER BY, LIMIT or DISTINCT. */
    map: string;
    /** SELECT … FROM mapped: SQL over all rows that map gave. Without it they are the result. */
    reduce?: string;
    /** One file, or a folder ("out/rows/") of files. An output that exists is only replaced with --overwrite. */
    output: { path: string; format?: DataFormat };
    /**
     * What happens with a row that a function throws or crashes at: the run fails with it, or ("quarantine") the row is
     * set aside with its error, in "<output>.bad.<format>" beside the output, and all others are computed.
     */
    onBadRow?: "fail" | "quarantine";
    /** With "quarantine": the run fails when more rows than this fail; 1000 where it is not given. */
    maxBadRows?: number;
    /** Shows the arguments of the row that fails in messages and logs; they can be private, so it is off. */
    showValues?: boolean;
  };

  /** Gives the job back; it is there for the types. */
  export function defineJob(job: Job): Job;
}

/** Node's own modules, which tests use. Their types come with "npm install"; without it they are not checked. */
declare module "node:*";

/** The first build makes the stub; until then it is not checked. */
declare module "*/stubs/flight_features.ts";
