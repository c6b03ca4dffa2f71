import { UdfError } from "../core/error.ts";
import { installHint } from "./install-hint.ts";
import { cmakeTool, compilerTool, makeTool, ninjaTool, objcopyTool } from "./tools.ts";

/** Paths of the programs that configuring a build takes; `ninja` is absent where make builds. */
export type BuildTools = { cmake: string; compiler: string; ninja?: string };

/** Finds what a build needs. Throws one TOOL_MISSING that names all that is missing and how to get it. */
export async function findBuildTools({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<BuildTools> {
  const [cmake, compiler, ninja, make, objcopy] = await Promise.all(
    [cmakeTool, compilerTool, ninjaTool, makeTool, objcopyTool].map((tool) => tool.find(signal)),
  );
  const missing = [
    ...(compiler?.found ? [] : [compilerTool]),
    ...(cmake?.found ? [] : [cmakeTool]),
    ...(ninja?.found || make?.found ? [] : [ninjaTool]),
    ...(objcopy?.found ? [] : [objcopyTool]),
  ];
  if (!cmake?.found || !compiler?.found || missing.length > 0) {
    const names = missing.map((tool) => `no ${tool.name}`).join(", ");
    throw new UdfError("TOOL_MISSING", {
      what: `there is ${names} on this machine`,
      next: installHint(missing.map((tool) => tool.program)),
      details: [cmake, compiler, ninja, make, objcopy].flatMap((probe) => probe?.tried ?? []).join("\n"),
    });
  }
  const paths = { cmake: cmake.found.path, compiler: compiler.found.path };
  return ninja?.found ? { ...paths, ninja: ninja.found.path } : paths;
}
