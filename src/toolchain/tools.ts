import { existsSync } from "node:fs";
import path from "node:path";
import { debugAdapterTool } from "./debug-adapter.ts";
import { inspectCompiler } from "./inspect-compiler.ts";
import { atLeast, type Probe, probe } from "./probe.ts";
import { runTool } from "./run-tool.ts";

/** What a build, the tests or a job need of the machine. */
export type Tool = {
  name: string;
  /** What it does for the user, as in "it … ". */
  purpose: string;
  required: boolean;
  /** The program whose package the install hint names. */
  program: string;
  find(signal?: AbortSignal): Promise<Probe>;
};

export const compilerTool: Tool = {
  name: "C++ compiler",
  purpose: "builds the module; g++ 11 or clang 14, or newer",
  required: true,
  program: "g++",
  find: (signal) => probe({ variable: "CXX", candidates: ["c++", "g++", "clang++"], inspect: inspectCompiler, signal }),
};

/** Some systems ship libstdc++.a in a package of its own; without it no artifact can be linked. */
export const staticLibraryTool: Tool = {
  name: "static C++ library",
  purpose: "goes into the artifact, so that other machines need none",
  required: true,
  program: "libstdc++.a",
  find: async (signal) => {
    const compiler = (await compilerTool.find(signal)).found;
    if (!compiler) return { found: undefined, tried: ["there is no C++ compiler to ask"], tooOld: false };
    const { stdout } = await runTool({ command: compiler.path, args: ["-print-file-name=libstdc++.a"], signal });
    // a compiler that does not have the file gives its bare name back
    const file = stdout.trim();
    if (!path.isAbsolute(file) || !existsSync(file)) {
      return { found: undefined, tried: [`${compiler.path}: it has no libstdc++.a`], tooOld: false };
    }
    const place = path.resolve(file);
    return { found: { path: place, version: compiler.version }, tried: [`${place}: chosen`], tooOld: false };
  },
};

export const cmakeTool: Tool = {
  name: "cmake",
  purpose: "builds the module; 3.18 or newer",
  required: true,
  program: "cmake",
  find: (signal) => probe({ variable: "CMAKE", candidates: ["cmake", "cmake3"], inspect: atLeast("3.18"), signal }),
};

export const ninjaTool: Tool = {
  name: "ninja",
  purpose: "builds faster than make",
  required: false,
  program: "ninja",
  find: (signal) => probe({ variable: "NINJA", candidates: ["ninja", "ninja-build"], inspect: atLeast("1.8"), signal }),
};

export const makeTool: Tool = {
  name: "make",
  purpose: "builds the module where there is no ninja",
  required: false,
  program: "make",
  find: (signal) => probe({ candidates: ["make", "gmake"], inspect: atLeast("3.81"), signal }),
};

export const objcopyTool: Tool = {
  name: "objcopy",
  purpose: "moves the debug info out of the artifact",
  required: true,
  program: "objcopy",
  find: (signal) => probe({ candidates: ["objcopy"], inspect: atLeast("2.25"), signal }),
};

export const gitTool: Tool = {
  name: "git",
  purpose: "keeps a module's history",
  required: false,
  program: "git",
  find: (signal) => probe({ candidates: ["git"], inspect: atLeast("2.0"), signal }),
};

export const pythonTool: Tool = {
  name: "Python",
  purpose: "uses the Python stub; 3.10 or newer",
  required: false,
  program: "python3",
  find: (signal) =>
    probe({
      variable: "NATIVE_UDF_PYTHON",
      candidates: ["python3", "python"],
      inspect: atLeast("3.10"),
      signal,
    }),
};

/** Debian ships the parts of venv in a package of its own. */
export const virtualEnvironmentTool: Tool = {
  name: "Python venv and pip",
  purpose: "gives the tests of the Python stub their packages",
  required: false,
  program: "python3",
  find: async (signal) => {
    const python = (await pythonTool.find(signal)).found;
    if (!python) return { found: undefined, tried: ["there is no Python to ask"], tooOld: false };
    const { exitCode } = await runTool({ command: python.path, args: ["-c", "import venv, ensurepip"], signal });
    const found = exitCode === 0 ? python : undefined;
    return { found, tried: [`${python.path}: it has ${found ? "" : "no "}venv and ensurepip`], tooOld: false };
  },
};

export const nodeTool: Tool = {
  name: "Node",
  purpose: "runs native-udf and its workers",
  required: true,
  program: "node",
  find: async () => ({
    found: { path: process.execPath, version: process.versions.node },
    tried: [`${process.execPath}: version ${process.versions.node}, runs this program`],
    tooOld: false,
  }),
};

export const allTools: readonly Tool[] = [
  nodeTool,
  compilerTool,
  staticLibraryTool,
  cmakeTool,
  ninjaTool,
  makeTool,
  objcopyTool,
  debugAdapterTool,
  gitTool,
  pythonTool,
];
