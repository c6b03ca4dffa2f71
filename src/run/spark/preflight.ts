import { UdfError } from "../../core/error.ts";
import type { Manifest } from "../../core/manifest.ts";
import type { ExecutorFacts } from "./messages.ts";

/** The stable ABI that the artifact's Python door is made for. */
const oldestPython = "3.10";
/** The first one with the Arrow PyCapsule interface, through which columns go. */
const oldestPyarrow = "14";

const processors: Readonly<Record<string, string>> = { x86_64: "x64", amd64: "x64", aarch64: "arm64" };

/** Whether the artifacts run on the executors. Throws EXECUTOR_UNFIT with the first thing that does not fit. */
export function refuseUnfit(executors: readonly ExecutorFacts[], manifests: readonly Manifest[]): void {
  for (const executor of executors) {
    for (const manifest of manifests) {
      const found = unfit(executor, manifest);
      if (found) throw new UdfError("EXECUTOR_UNFIT", { where: `executor on ${executor.host}`, ...found });
    }
  }
}

function unfit(executor: ExecutorFacts, manifest: Manifest): { what: string; next: string } | undefined {
  const { machine, glibc, python, pyarrow, noexec, executable } = executor;
  const processor = processors[machine.toLowerCase()] ?? machine;
  if (processor !== manifest.platform.arch) {
    return {
      what: `${manifest.file} was built for ${manifest.platform.arch}, and the executor's processor is ${processor}`,
      next: "Build the module on a machine with the executors' processor.",
    };
  }
  if (manifest.glibcFloor !== null && glibc === null) {
    return {
      what: `${manifest.file} needs glibc ${manifest.glibcFloor}, and the executor has another C library`,
      next: "Use executors with glibc.",
    };
  }
  if (manifest.glibcFloor !== null && glibc !== null && isOlder(glibc, manifest.glibcFloor)) {
    return {
      what: `${manifest.file} needs glibc ${manifest.glibcFloor}, and the executor has ${glibc}`,
      next: "Build the module on an older system, or look at what needs the newer glibc (native-udf build --verbose).",
    };
  }
  if (isOlder(python, oldestPython)) {
    return {
      what: `${executable} is Python ${python}, and functions need ${oldestPython}`,
      next: 'Name a newer one in the target\'s "executorPython".',
    };
  }
  if (pyarrow === null || isOlder(pyarrow, oldestPyarrow)) {
    const has = pyarrow === null ? "has no pyarrow" : `has pyarrow ${pyarrow}, and functions need ${oldestPyarrow}`;
    return {
      what: `${executable} ${has}`,
      next: 'Install pyarrow there, or name a Python that has it in the target\'s "executorPython".',
    };
  }
  if (noexec !== null) {
    return {
      what: `nothing may be executed in ${noexec}, where Spark puts files (the file system is mounted noexec)`,
      next: "Set spark.local.dir to a folder of another file system.",
    };
  }
  return undefined;
}

/** Compares dotted versions by number. */
function isOlder(version: string, wanted: string): boolean {
  const given = version.split(".").map((part) => Number.parseInt(part, 10));
  for (const [index, part] of wanted.split(".").map(Number).entries()) {
    const difference = (given[index] ?? 0) - part;
    if (difference !== 0) return difference < 0;
  }
  return false;
}
