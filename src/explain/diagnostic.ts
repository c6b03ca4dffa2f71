import type { Diagnostic } from "../core/diagnostic.ts";
import type { ExplainedFailure, FailureOrigin } from "./explanation.ts";
import { titleOf } from "./report.ts";

const origins: Readonly<Record<FailureOrigin, Diagnostic["origin"]>> = {
  "worker-exception": "worker exception",
  "driver-exception": "worker exception",
  crash: "crash",
  serialize: "serialize",
  import: "load",
  cluster: "cluster",
  analysis: "plan",
  cancelled: "cluster",
  output: "cluster",
};

/** A failure as editors show it: at its line, with the calls that led there and what can be done. */
export function diagnosticOf(failure: ExplainedFailure): Diagnostic {
  const { file, line, frames, advice, origin } = failure;
  const [what = ""] = titleOf(failure).split("\n", 1);
  const others = frames.filter((frame) => frame.file !== file || frame.line !== line).reverse();
  return {
    severity: "error",
    origin: origins[origin],
    message: advice === null ? what : `${what}. ${advice}`,
    ...(file === null || line === null ? {} : { location: { file, line } }),
    related: others.map((frame) => ({
      message: frame.function === null ? "called from here" : `called from here, in ${frame.function}`,
      location: { file: frame.file, line: frame.line },
    })),
  };
}
