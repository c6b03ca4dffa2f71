import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import * as z from "zod";
import { formatLocation } from "../core/diagnostic.ts";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { findBuildTools } from "../toolchain/find-build-tools.ts";
import { nodeEnvironment } from "../toolchain/node-environment.ts";
import { runTool } from "../toolchain/run-tool.ts";
import { type BuildMode, cmakeOptions } from "./build-folder.ts";
import { cCompilerOf } from "./c-compiler.ts";
import { isConfigured } from "./cmake-cache.ts";
import { refuseFullDisk } from "./full-disk.ts";
import { requireNodeApi } from "./node-api-version.ts";
import { parseCmakeOutput } from "./output/cmake.ts";
import { SourcePlaces } from "./output/source-places.ts";

const query = path.join(".cmake", "api", "v1", "query");
const reply = path.join(".cmake", "api", "v1", "reply");

type Options = { module: Module; mode: BuildMode; folder: string; signal?: AbortSignal | undefined };

/** Configures `folder` by cmake-js, from nothing. Throws TOOL_MISSING, CONFIGURE_FAILED. */
export async function configure({ module, mode, folder, signal }: Options): Promise<void> {
  if (!existsSync(path.join(module.root, "CMakeLists.txt"))) {
    throw new UdfError("CONFIGURE_FAILED", {
      what: "the file is missing",
      where: path.join(module.root, "CMakeLists.txt"),
      next: 'Take it from a new module ("native-udf new").',
    });
  }
  requireNodeApi(module);
  const tools = await findBuildTools({ signal });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, query), { recursive: true });
  writeFileSync(path.join(folder, query, "toolchains-v1"), "");
  const require = packageResolver(module);
  const { config, sanitize } = cmakeOptions(mode);
  const { exitCode, stdout, stderr } = await runTool({
    command: process.execPath,
    args: [
      path.join(path.dirname(require("cmake-js/package.json")), "bin", "cmake-js"),
      "configure",
      ...["--directory", module.root, "--out", folder, "--config", config],
      ...["--cmake-path", tools.cmake, "--log-level", "error"],
      ...(tools.ninja ? ["--generator", "Ninja", `--CDCMAKE_MAKE_PROGRAM=${tools.ninja}`] : ["--prefer-make"]),
      // without both, cmake-js wants a g++ or clang++ on PATH
      ...["--cxx", tools.compiler, "--cc", cCompilerOf(tools.compiler)],
      ...(sanitize ? [`--CDUDF_SANITIZE=${sanitize}`] : []),
      `--CDUDF_NODE_ADDON_API=${path.dirname(require("node-addon-api/package.json"))}`,
      `--CDUDF_NODE_API_HEADERS=${path.join(path.dirname(require("node-api-headers/package.json")), "include")}`,
    ],
    cwd: module.root,
    env: { ...nodeEnvironment(), LC_ALL: "C" },
    signal,
  });
  if (exitCode === 0 && isConfigured(folder)) return;
  const output = stripVTControlCharacters(`${stdout}\n${stderr}`);
  refuseFullDisk(output, folder);
  const diagnostics = parseCmakeOutput(output, new SourcePlaces(module.root));
  const first = diagnostics.find((diagnostic) => diagnostic.severity === "error");
  const lastLine = output.trim().split("\n").at(-1) ?? "";
  throw new UdfError("CONFIGURE_FAILED", {
    what: `cmake could not configure the module: ${(first?.message ?? lastLine).replace(/\.$/, "")}`,
    where: first?.location ? formatLocation(first.location) : path.join(module.root, "CMakeLists.txt"),
    next: "Correct it, then build again.",
    details: output.trim(),
    diagnostics,
  });
}

/** Finds a package in the module's own node_modules, else among those that came with this program. */
function packageResolver(module: Module): (name: string) => string {
  const own = createRequire(path.join(module.root, "package.json"));
  const ours = createRequire(import.meta.url);
  return (name) => {
    try {
      return own.resolve(name);
    } catch {
      return ours.resolve(name); // throws with the name where both lack it
    }
  };
}

const toolchainsSchema = z.object({
  toolchains: z.array(
    z.object({
      language: z.string(),
      compiler: z.object({ id: z.string().optional(), version: z.string().optional() }),
    }),
  ),
});

/** Which compiler cmake chose, such as `{ compiler: "GNU 12.2.0" }`. Source: the cmake file API, object kind toolchains. */
export function configuredTools(folder: string): Record<string, string> {
  const replies = path.join(folder, reply);
  const file = existsSync(replies) && readdirSync(replies).find((name) => name.startsWith("toolchains-v1"));
  if (!file) return {};
  const { toolchains } = toolchainsSchema.parse(JSON.parse(readFileSync(path.join(replies, file), "utf8")));
  const compiler = toolchains.find((toolchain) => toolchain.language === "CXX")?.compiler;
  return compiler ? { compiler: `${compiler.id ?? "unknown"} ${compiler.version ?? ""}`.trim() } : {};
}
