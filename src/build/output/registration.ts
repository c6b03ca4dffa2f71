import type { Diagnostic } from "../../core/diagnostic.ts";

/** What UDF_MODULE defines, by the names that the linker says (udf/include/udf/module.h). */
const registration = /\budf::detail::(?:define_module|module_name)\b|\bPyInit_\w+/;
const isMissing = /^undefined /;

/** The linker's findings; those about what UDF_MODULE defines as one in the author's words: it is missing, or there twice. */
export function explainRegistration(findings: readonly Diagnostic[]): Diagnostic[] {
  const [first, ...others] = findings.filter(({ message }) => registration.test(message));
  if (!first) return [...findings];
  const message = isMissing.test(first.message)
    ? "no source has UDF_MODULE(name, m), which registers the functions"
    : "UDF_MODULE stands in two places; a module has one";
  const { location, ...rest } = first;
  const explained: Diagnostic = {
    ...rest,
    message,
    details: [first, ...others].map((finding) => finding.message).join("\n"),
    // where it is missing, the place is the SDK's own
    ...(isMissing.test(first.message) ? { related: [] } : location ? { location } : {}),
  };
  return findings.filter((finding) => !others.includes(finding)).map((each) => (each === first ? explained : each));
}
