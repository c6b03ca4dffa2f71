import { UdfError } from "../core/error.ts";
import { installHint } from "./install-hint.ts";
import { cmakeTool, compilerTool, makeTool, ninjaTool, objcopyTool, staticLibraryTool } from "./tools.ts";

/** Paths of the programs that configuring a build takes; `ninja` is absent where make builds. */
export type BuildTools = { cmake: string; compiler: string; ninja?: string };

/** Finds what a build needs. Throws one TOOL_MISSING that names all that is missing and how to get it. */
export async function findBuildTools({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<BuildTools> {
  const tools = [compilerTool, cmakeTool, ninjaTool, makeTool, objcopyTool, staticLibraryTool] as const;
  const probes = await Promise.all(tools.map((tool) => tool.find(signal)));
  const [compiler, cmake, ninja, make, objcopy, staticLibrary] = probes;
  const missing = [
    ...(compiler?.found ? [] : [compilerTool]),
    // without a compiler there is nothing to ask for its library, which comes with most of them
    ...(staticLibrary?.found || !compiler?.found ? [] : [staticLibraryTool]),
    ...(cmake?.found ? [] : [cmakeTool]),
    ...(ninja?.found || make?.found ? [] : [ninjaTool]),
    ...(objcopy?.found ? [] : [objcopyTool]),
  ];
  if (!cmake?.found || !compiler?.found || missing.length > 0) {
    const names = missing.map((tool) => `no ${tool.name}`).join(", ");
    const tooOld = probes.some((probe) => probe.tooOld) ? " that is new enough" : "";
    throw new UdfError("TOOL_MISSING", {
      what: `there is ${names} on this machine${tooOld}`,
      next: `${installHint(missing.map((tool) => tool.program))}. "native-udf doctor --verbose" says where was looked.`,
      details: probes.flatMap((probe) => probe.tried).join("\n"),
    });
  }
  const paths = { cmake: cmake.found.path, compiler: compiler.found.path };
  return ninja?.found ? { ...paths, ninja: ninja.found.path } : paths;
}
