import { debugAdapterTool } from "./debug-adapter.ts";
import {
  cmakeTool,
  compilerTool,
  gitTool,
  makeTool,
  ninjaTool,
  objcopyTool,
  pythonTool,
  staticLibraryTool,
  type Tool,
  virtualEnvironmentTool,
} from "./tools.ts";

/**
 * What this machine lacks for building a module, the optional tools too; with `python` also what tests of the
 * Python stubs and of debugging use, which is then required.
 */
export async function missingTools(options: { python: boolean; signal?: AbortSignal | undefined }): Promise<Tool[]> {
  const { python, signal } = options;
  const wanted = [compilerTool, staticLibraryTool, cmakeTool, ninjaTool, makeTool, objcopyTool, gitTool];
  const ofTests = [pythonTool, virtualEnvironmentTool, debugAdapterTool];
  if (python) wanted.push(...ofTests.map((tool) => ({ ...tool, required: true })));
  const searched = await Promise.all(wanted.map(async (tool) => ({ tool, found: (await tool.find(signal)).found })));
  const missing = searched.filter(({ found }) => !found).map(({ tool }) => tool);
  if (!missing.includes(ninjaTool)) return missing.filter((tool) => tool !== makeTool);
  const hasMake = !missing.includes(makeTool);
  // one of the two must be there, and ninja is the one to get
  return missing
    .filter((tool) => tool !== makeTool)
    .map((tool) => (tool === ninjaTool ? { ...tool, required: !hasMake } : tool));
}
