import { existsSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { UdfError } from "../core/error.ts";
import { onPath } from "./on-path.ts";
import { acceptFrom, type Probe } from "./probe.ts";
import { runTool } from "./run-tool.ts";
import { pythonTool, type Tool } from "./tools.ts";

/** Spark as a Python on this machine has it. */
export type Spark = {
  /** The interpreter. */
  python: string;
  version: string;
  /** Spark's own folder, with `bin/spark-submit`. */
  home: string;
  /** Null where it is not installed. */
  pyarrow: string | null;
  /** What of the packages that Spark Connect needs is missing. */
  missingForConnect: readonly string[];
};

/** The first version with column functions that take Arrow's data as they are, or pandas' with all types. */
export const oldestSpark = "3.5";

const askPython = `
import importlib.metadata as metadata, json, os
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
try:
    import pyspark
    spark, folder = pyspark.__version__, os.path.dirname(pyspark.__file__)
except ImportError:
    spark, folder = None, None
names = ["grpcio", "grpcio-status", "googleapis-common-protos", "pandas", "pyarrow"]
print(json.dumps({"spark": spark, "folder": folder, "pyarrow": version("pyarrow"),
                  "missing": [name for name in names if version(name) is None]}))
`;

const answerSchema = z.object({
  spark: z.string().nullable(),
  folder: z.string().nullable(),
  pyarrow: z.string().nullable(),
  missing: z.array(z.string()),
});

type Wanted = { python?: string | undefined; root?: string | undefined; signal?: AbortSignal | undefined };

/**
 * Spark of a Python: its own package pyspark, or else the one in the folder SPARK_HOME. Throws TOOL_MISSING.
 * `python` is a path, from the folder `root` on, or a name on the PATH; the Python of `NATIVE_UDF_PYTHON`, or `python3`, where it is not given.
 */
export async function findSpark({ python: wanted, root, signal }: Wanted): Promise<Spark> {
  const python = await findPython({ python: wanted, root, signal });
  const own = await ask(python, { signal });
  const home = process.env.SPARK_HOME;
  const answer = own.spark === null && home ? await ask(python, { home, signal }) : own;
  if (answer.spark === null || answer.folder === null) {
    throw new UdfError("TOOL_MISSING", {
      what: "this Python has no pyspark",
      where: python,
      next: `Install it ("${python} -m pip install 'pyspark[connect]'"), or name another Python in the target's "python".`,
    });
  }
  const accepted = acceptFrom(answer.spark, oldestSpark);
  if (!accepted.accepted) {
    throw new UdfError("TOOL_MISSING", {
      what: `Spark ${answer.spark} is older than ${oldestSpark}`,
      where: python,
      next: "Use a newer Spark.",
    });
  }
  return {
    python,
    version: answer.spark,
    home: own.spark === null && home ? home : answer.folder,
    pyarrow: answer.pyarrow,
    missingForConnect: answer.missing,
  };
}

async function findPython({ python, root = "", signal }: Wanted): Promise<string> {
  if (python === undefined) {
    const { found, tried } = await pythonTool.find(signal);
    if (found) return found.path;
    const named = process.env.NATIVE_UDF_PYTHON;
    throw new UdfError("TOOL_MISSING", {
      what: named ? "there is no Python from 3.10 of that name" : "there is no Python from 3.10 on the PATH",
      ...(named ? { where: `NATIVE_UDF_PYTHON=${named}` } : {}),
      next: named
        ? "Correct the variable; a whole path is best."
        : 'Install it, or name one in NATIVE_UDF_PYTHON or in the target\'s "python".',
      details: tried.join("\n"),
    });
  }
  const found = onPath(python.includes(path.sep) ? path.resolve(root, python) : python);
  if (found) return found;
  throw new UdfError("TOOL_MISSING", {
    what: "there is no such Python",
    where: python,
    next: 'Correct the target\'s "python".',
  });
}

async function ask(python: string, { home, signal }: { home?: string; signal?: AbortSignal | undefined }) {
  const folder = home === undefined ? undefined : path.join(home, "python");
  const env =
    folder === undefined
      ? process.env
      : { ...process.env, PYTHONPATH: [folder, process.env.PYTHONPATH].filter(Boolean).join(path.delimiter) };
  const { exitCode, stdout, stderr } = await runTool({ command: python, args: ["-c", askPython], env, signal });
  if (exitCode !== 0) {
    throw new UdfError("TOOL_FAILED", {
      what: "this Python does not run",
      where: python,
      details: stderr,
      next: 'Look at what it wrote, or name another one in the target\'s "python".',
    });
  }
  return answerSchema.parse(JSON.parse(stdout));
}

/** The Java that Spark runs on: of JAVA_HOME, or the one on the PATH. Spark 3.5 takes 8 to 17, Spark 4 takes 17 and later. */
export const javaTool: Tool = {
  name: "Java",
  purpose: "runs Spark on this machine; 17 or newer",
  required: false,
  program: "java",
  find: async (signal): Promise<Probe> => {
    const home = process.env.JAVA_HOME;
    const candidate = home ? path.join(home, "bin", "java") : "java";
    const shown = home ? `JAVA_HOME=${home}` : "java";
    const file = home ? (existsSync(candidate) ? candidate : undefined) : onPath("java");
    if (!file) return { found: undefined, tried: [`${shown}: not found`], tooOld: false };
    const { stderr, stdout } = await runTool({ command: file, args: ["-version"], signal });
    const version = /version "([\d.]+)/.exec(`${stderr}\n${stdout}`)?.[1];
    if (!version) return { found: undefined, tried: [`${file}: it does not tell its version`], tooOld: false };
    const accepted = acceptFrom(version, "17");
    const place = `${file}: version ${version}`;
    if (!accepted.accepted) return { found: undefined, tried: [`${place} is older than 17`], tooOld: accepted.tooOld };
    return { found: { path: file, version }, tried: [`${place}, chosen`], tooOld: false };
  },
};

/** Spark for the target `spark`. */
export const sparkTool: Tool = {
  name: "Spark",
  purpose: "runs jobs on the target spark",
  required: false,
  program: "pyspark",
  find: async (signal): Promise<Probe> => {
    try {
      const { version, home, python, pyarrow } = await findSpark({ signal });
      const arrow = pyarrow === null ? "no pyarrow, which functions need" : `pyarrow ${pyarrow}`;
      const found = pyarrow === null ? undefined : { path: home, version };
      return { found, tried: [`${python}: pyspark ${version}, ${arrow}`], tooOld: false };
    } catch (error) {
      if (signal?.aborted || !(error instanceof UdfError)) throw error;
      return { found: undefined, tried: [error.message], tooOld: false };
    }
  },
};
