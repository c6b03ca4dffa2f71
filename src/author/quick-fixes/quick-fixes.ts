import type { ErrorCode } from "../../core/error.ts";
import { includeEdit, missingHeader } from "./missing-include.ts";
import type { QuickFix } from "./quick-fix.ts";
import { unknownFunctionFixes } from "./unknown-function.ts";

/** A finding of native-udf in a file, as an editor has it. */
export type Finding = {
  /** The tool's or native-udf's name for its kind. */
  code: string | undefined;
  message: string;
  notes: readonly string[];
  /** Where it is in the file. */
  offset: number;
};

export type FixContext = { source: string; built: readonly string[]; registered: readonly string[] };

/** What mends a finding. */
export function quickFixes(finding: Finding, { source, built, registered }: FixContext): QuickFix[] {
  switch (finding.code) {
    case "FUNCTION_UNKNOWN" satisfies ErrorCode:
      return unknownFunctionFixes({ source, offset: finding.offset, built, registered });
    case "ARTIFACT_MISMATCH" satisfies ErrorCode:
    case "ARTIFACT_MISSING" satisfies ErrorCode:
      return [{ kind: "generateStubs" }];
    case "WORKER_CRASHED" satisfies ErrorCode:
      return [{ kind: "sanitize" }];
    default: {
      const header = missingHeader({ ...finding, code: source.slice(finding.offset) });
      const edit = header === undefined ? undefined : includeEdit(source, header);
      return header !== undefined && edit ? [{ kind: "include", header, edit }] : [];
    }
  }
}
