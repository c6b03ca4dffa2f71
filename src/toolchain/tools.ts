import { type Probe, probe } from "./probe.ts";

/** What a build, the tests or a job need of the machine. */
export type Tool = {
  name: string;
  purpose: string;
  required: boolean;
  /** The program whose package the install hint names. */
  program: string;
  find(signal?: AbortSignal): Promise<Probe>;
};

/** g++ 12 and clang 14 are what the SDK is tested with; g++ 11 is the first with all of C++20 that it uses. */
export const compilerTool: Tool = {
  name: "C++ compiler",
  purpose: "builds the module",
  required: true,
  program: "g++",
  find: (signal) =>
    probe({ candidates: [process.env.CXX, "c++", "g++", "clang++"], oldest: "11", versionArgs: ["--version"], signal }),
};

export const cmakeTool: Tool = {
  name: "cmake",
  purpose: "builds the module",
  required: true,
  program: "cmake",
  find: (signal) => probe({ candidates: [process.env.CMAKE, "cmake"], oldest: "3.18", signal }),
};

export const ninjaTool: Tool = {
  name: "ninja",
  purpose: "builds faster than make",
  required: false,
  program: "ninja",
  find: (signal) => probe({ candidates: ["ninja", "ninja-build"], signal }),
};

export const makeTool: Tool = {
  name: "make",
  purpose: "builds the module where there is no ninja",
  required: false,
  program: "make",
  find: (signal) => probe({ candidates: ["make", "gmake"], signal }),
};

export const objcopyTool: Tool = {
  name: "objcopy",
  purpose: "moves the debug info out of the artifact",
  required: true,
  program: "objcopy",
  find: (signal) => probe({ candidates: ["objcopy"], signal }),
};

export const pythonTool: Tool = {
  name: "Python",
  purpose: "uses the Python stub",
  required: false,
  program: "python3",
  find: (signal) => probe({ candidates: [process.env.NATIVE_UDF_PYTHON, "python3", "python"], oldest: "3.10", signal }),
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
  cmakeTool,
  ninjaTool,
  makeTool,
  objcopyTool,
  pythonTool,
];
