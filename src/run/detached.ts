import { fork } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { isErrorCode, UdfError } from "../core/error.ts";
import { onBadRowSchema } from "../core/job.ts";
import { manifestSchema } from "../core/manifest.ts";
import type { Module } from "../core/module.ts";
import { targetSchema, targetsSchema } from "../core/target.ts";
import { nodeEnvironment } from "../toolchain/node-environment.ts";

/*
 * A run whose coordinator is a process of its own: it goes on when the terminal or the editor that began it is closed.
 * Whoever wants to know of it reads the run's folder.
 */

const moduleSchema = z.object({
  name: z.string(),
  root: z.string(),
  configs: z.array(z.string()).readonly(),
  jobs: z.string(),
  stubs: z.string(),
  tests: z.array(z.string()).readonly(),
  targets: targetsSchema,
  artifacts: z.string(),
  state: z.string(),
});

/** What the coordinator's process is told. */
export const detachedRequestSchema = z.object({
  module: moduleSchema,
  job: z.string(),
  artifacts: z.array(z.object({ manifest: manifestSchema, path: z.string() })).readonly(),
  target: targetSchema.optional(),
  workers: z.number().optional(),
  timeoutSeconds: z.number().optional(),
  overwrite: z.boolean().optional(),
  onBadRow: onBadRowSchema.optional(),
  maxBadRows: z.number().int().nonnegative().optional(),
  showValues: z.boolean().optional(),
  nodePath: z.string().optional(),
  workerEnvironment: z.record(z.string(), z.string()).optional(),
  sampleRows: z.number().int().positive().optional(),
});
export type DetachedRequest = z.infer<typeof detachedRequestSchema>;

/** What it answers, once. */
export const detachedReplySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("begun"), id: z.string(), directory: z.string() }),
  z.object({
    kind: z.literal("refused"),
    code: z.string(),
    what: z.string(),
    where: z.string().optional(),
    next: z.string().optional(),
  }),
]);
export type DetachedReply = z.infer<typeof detachedReplySchema>;

export type DetachedRun = { id: string; directory: string };

/** Starts a run in a process of its own and gives its id as soon as there is one. Throws JOB_UNKNOWN, RUN_FAILED. */
export async function startDetached(request: DetachedRequest): Promise<DetachedRun> {
  const log = coordinatorLog(request.module);
  mkdirSync(path.dirname(log), { recursive: true });
  const output = openSync(log, "a");
  try {
    const child = fork(program(), [], {
      cwd: request.module.root,
      env: nodeEnvironment(),
      execArgv: [],
      ...(request.nodePath === undefined ? {} : { execPath: request.nodePath }),
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
    });
    const answered = new Promise<DetachedReply>((resolve, reject) => {
      child.once("message", (message) => resolve(detachedReplySchema.parse(message)));
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(ended(`${signal ?? `exit code ${code}`}`, log)));
    });
    child.send(request satisfies DetachedRequest, () => undefined); // a failure is told by the exit
    const reply = await answered;
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
    if (reply.kind === "begun") return { id: reply.id, directory: reply.directory };
    const { code, what, where, next } = reply;
    throw new UdfError(isErrorCode(code) ? code : "RUN_FAILED", {
      what,
      ...(where === undefined ? {} : { where }),
      ...(next === undefined ? {} : { next }),
    });
  } finally {
    closeSync(output);
  }
}

function ended(how: string, log: string): UdfError {
  return new UdfError("RUN_FAILED", {
    what: `the run's process ended with ${how} before the run began`,
    where: log,
    next: "Look there for what it wrote.",
  });
}

function coordinatorLog(module: Pick<Module, "state">): string {
  return path.join(module.state, "coordinator.log");
}

/** The bundled program, beside the bundled command line; from the sources, the one that the build has made. */
function program(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = [path.join(here, "coordinator.js"), path.join(here, "..", "..", "dist", "coordinator.js")];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new UdfError("TOOL_MISSING", {
    what: "the program of a run in the background is missing",
    where: places[0] ?? here,
    next: 'Install native-udf again (in its own sources: "npm run build").',
  });
}
