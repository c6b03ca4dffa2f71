import type { NativePlace } from "./native-lines.ts";

/** What a line says of the end of a process. */
export type CrashLine = { signal: string | null; message: string; native?: NativePlace };

/** What a process says as it dies is short. */
const longestReport = 400;

const fatalPython: readonly [RegExp, string][] = [
  [/^Segmentation fault/, "SIGSEGV"],
  [/^Aborted/, "SIGABRT"],
  [/^Bus error/, "SIGBUS"],
  [/^Floating[ -]point exception/, "SIGFPE"],
  [/^Illegal instruction/, "SIGILL"],
];

/** Lines of C++'s runtime, of glibc, of sanitizers, of shells and of our own artifacts, with the signal that follows. */
const native: readonly [RegExp, string][] = [
  [/terminate called (?:after throwing an instance of '[^']*'|without an active exception|recursively)/, "SIGABRT"],
  [/libc\+\+abi: (?:terminating|Pure virtual).*/, "SIGABRT"],
  [/pure virtual method called/, "SIGABRT"],
  [/\*\*\* stack smashing detected \*\*\*.*/, "SIGABRT"],
  [/\*\*\* buffer overflow detected \*\*\*.*/, "SIGABRT"],
  [
    /(?:double free or corruption|corrupted (?:size vs\. prev_size|double-linked list|unsorted chunks)|malloc\(\): |malloc_consolidate\(\): |free\(\): |munmap_chunk\(\): |realloc\(\): ).*/,
    "SIGABRT",
  ],
  [/(?<!\S)\S*: ?\S+:\d+: .*Assertion [`'].*' failed\.?/, "SIGABRT"],
  [/\bSegmentation fault(?: +\(core dumped\))?(?=$| +\S*[$"'{/])/, "SIGSEGV"],
  [/Bus error(?: \(core dumped\))?$/, "SIGBUS"],
  [/Floating point exception(?: \(core dumped\))?$/, "SIGFPE"],
  [/Illegal instruction(?: \(core dumped\))?$/, "SIGILL"],
  [/ERROR: AddressSanitizer: .*/, "SIGABRT"],
  [/it died of (SIG[A-Z]+).*/, ""],
];

/** A line that says that, and of what, a process died; undefined for others. */
export function readCrashLine(text: string): CrashLine | undefined {
  const fatal = /Fatal Python error: (.*)$/.exec(text);
  if (fatal?.[1] !== undefined) {
    const reason = fatal[1];
    const signal = fatalPython.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
    return { signal, message: `Fatal Python error: ${reason.trim()}` };
  }
  const hang = /Timeout \(\d+:\d\d:\d\d(?:\.\d+)?\)!/.exec(text)?.[0]; // of faulthandler.dump_traceback_later()
  if (hang) return { signal: "Timeout", message: hang };
  const start = text.slice(0, longestReport);
  for (const [pattern, signal] of native) {
    const found = pattern.exec(start);
    if (found)
      return {
        signal: found[1]?.startsWith("SIG") ? found[1] : signal || null,
        message: found[0].trim().replaceAll(/\s+/g, " "),
      };
  }
  return undefined;
}

/** The JVM's own crash report: `#  SIGSEGV (0xb) at pc=0x…`, and the frame it died in. */
export function readJvmCrash(text: string): CrashLine | undefined {
  const signal = /^#\s+(SIG[A-Z]+) \(0x[0-9a-f]+\) at pc=/.exec(text)?.[1];
  return signal ? { signal, message: `the JVM died of ${signal}` } : undefined;
}
