import { setMaxListeners } from "node:events";
import { installHint } from "./install-hint.ts";
import type { Probe } from "./probe.ts";
import { javaTool, sparkTool } from "./spark.ts";
import { allTools, makeTool, ninjaTool, type Tool } from "./tools.ts";

export type Check = {
  name: string;
  status: "ok" | "missing" | "too old" | "not found, not needed";
  version?: string;
  path?: string;
  /** The places that were tried, and why each was taken or not. */
  tried: string[];
  /** What to do, where something is to be done. */
  next?: string;
};

/** `complete` is true when nothing that is required is missing. */
export type DoctorReport = { complete: boolean; checks: Check[] };

/** Looks for all that native-udf uses on this machine. */
export async function doctor({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<DoctorReport> {
  const tools = [...allTools, javaTool, sparkTool];
  // each search listens to it, some of them more than once
  if (signal) setMaxListeners(4 * tools.length, signal);
  const searched = await Promise.all(tools.map(async (tool) => ({ tool, result: await tool.find(signal) })));
  const found = new Set(searched.filter(({ result }) => result.found).map(({ tool }) => tool));
  const checks = searched.map(({ tool, result }) => {
    // one of the two must be there
    const required = tool.required || (tool === ninjaTool && !found.has(makeTool));
    return check({ ...tool, required }, result);
  });
  return { complete: checks.every(({ status }) => status === "ok" || status === "not found, not needed"), checks };
}

function check(tool: Tool, { found, tried, tooOld }: Probe): Check {
  if (found) return { name: tool.name, status: "ok", ...found, tried };
  if (!tool.required) return { name: tool.name, status: "not found, not needed", tried };
  const status = tooOld ? "too old" : "missing";
  return { name: tool.name, status, tried, next: `${installHint([tool.program])} (it ${tool.purpose})` };
}
