import type { Diagnostic } from "./diagnostic.ts";

/**
 * Every failure that a user can meet, by the name that code branches on.
 * The value is the exit status of the command line (see `exitCodes`).
 */
const errorKinds = {
  // what was asked for makes no sense, or the module's own files are wrong
  USAGE: "input",
  MODULE_NOT_FOUND: "input",
  MODULE_INVALID: "input",
  FOLDER_NOT_EMPTY: "input",
  TEMPLATE_UNKNOWN: "input",
  TEMPLATE_DATA_MISSING: "input",
  JOB_UNKNOWN: "input",
  JOB_INVALID: "input",
  TARGET_UNKNOWN: "input",
  TARGET_UNSET: "input",
  TARGET_UNSUPPORTED: "input",
  TESTS_MISSING: "input",
  TEST_INVALID: "input",
  RUN_UNKNOWN: "input",
  RUN_UNREADABLE: "input",
  MAP_NOT_ROW_WISE: "input",
  SQL_INVALID: "input",
  SPARK_SQL_UNSUPPORTED: "input",
  COLUMN_UNKNOWN: "input",
  FUNCTION_UNKNOWN: "input",
  ARGUMENT_TYPE: "input",
  INPUT_MISSING: "input",
  INPUT_INVALID: "input",
  CONFIG_MISSING: "input",
  CONFIG_INVALID: "input",
  OUTPUT_EXISTS: "input",
  OUTPUT_NOT_WRITABLE: "input",
  FILE_UNUSABLE: "input",
  // the machine lacks something
  TOOL_MISSING: "environment",
  TOOL_FAILED: "environment",
  DISK_FULL: "environment",
  CLUSTER_FAILED: "environment",
  EXECUTOR_UNFIT: "environment",
  // the user's code failed
  COMPILE_FAILED: "failure",
  LINK_FAILED: "failure",
  CONFIGURE_FAILED: "failure",
  AUDIT_FAILED: "failure",
  ARTIFACT_MISSING: "failure",
  ARTIFACT_MISMATCH: "failure",
  RUN_FAILED: "failure",
  ROW_ERROR: "failure",
  WORKER_CRASHED: "failure",
  WORKER_TIMEOUT: "failure",
  TOO_MANY_BAD_ROWS: "failure",
  SANITIZER_FOUND: "failure",
  TESTS_FAILED: "failure",
  CANCELLED: "cancelled",
} as const satisfies Record<string, ErrorKind>;

export type ErrorKind = "failure" | "input" | "environment" | "cancelled";
export type ErrorCode = keyof typeof errorKinds;

/** Exit status of the command line for each kind of failure; 0 is success. Documented in docs/command-line.md. */
export const exitCodes: Record<ErrorKind, number> = {
  failure: 1,
  input: 2,
  environment: 3,
  cancelled: 130,
};

export type ErrorParts = {
  /** What happened, without a full stop. */
  what: string;
  /** The file (with line), setting, command or address it happened at. */
  where?: string;
  /** What the user can do now, as a sentence. */
  next?: string;
  /** Shown below the line: the tool's own words, for example. */
  details?: string;
  /** The diagnostics that say the same in places of the user's files. */
  diagnostics?: readonly Diagnostic[];
  cause?: unknown;
};

/** The one error type that reaches users: what happened, where, and what to do next, in one line. */
export class UdfError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly where: string | undefined;
  readonly next: string | undefined;
  readonly details: string | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(oneLine(parts), { cause: parts.cause });
    this.name = "UdfError";
    this.code = code;
    this.what = parts.what;
    this.where = parts.where;
    this.next = parts.next;
    this.details = parts.details;
    this.diagnostics = parts.diagnostics ?? [];
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** True for a name that `UdfError` knows; for codes that come back from another process. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorKinds, value);
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function oneLine({ what, where, next }: ErrorParts): string {
  const place = where ? `${where}: ` : "";
  const sentence = /[.!?]$/.test(what) ? what : `${what}.`;
  return `${place}${next ? `${sentence} ${next}` : what}`.replaceAll(/\s*\n\s*/g, " ");
}
