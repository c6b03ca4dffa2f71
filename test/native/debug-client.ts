import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import { execa } from "execa";
import * as z from "zod";
import { MessageReader, messageBytes } from "../../src/debug/message-reader.ts";
import { type DapEvent, type DapResponse, messageSchema } from "../../src/debug/messages.ts";
import { projectRoot } from "../support/command-line.ts";

/** A session that a failed test leaves would keep its file waiting. */
const sessions = new Set<DebugClient>();
after(() => {
  for (const session of sessions) session.kill();
});

const program = path.join(projectRoot, "dist", "cli.js");

const stackSchema = z.object({
  stackFrames: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      line: z.number(),
      source: z.object({ path: z.string().optional() }).optional(),
    }),
  ),
});
const scopesSchema = z.object({ scopes: z.array(z.object({ variablesReference: z.number() })) });
const variablesSchema = z.object({ variables: z.array(z.object({ name: z.string(), value: z.string() })) });
const stoppedSchema = z.object({ reason: z.string(), threadId: z.number(), description: z.string().optional() });
const outputSchema = z.object({ output: z.string() });
const breakpointsSchema = z.object({
  breakpoints: z.array(z.object({ id: z.number().optional(), verified: z.boolean(), message: z.string().optional() })),
});
const changedSchema = z.object({
  breakpoint: z.object({
    id: z.number(),
    verified: z.boolean(),
    line: z.number().optional(),
    message: z.string().optional(),
  }),
});

export type Stop = z.infer<typeof stoppedSchema>;
export type Frame = z.infer<typeof stackSchema>["stackFrames"][number];

/** An editor without a window: speaks the Debug Adapter Protocol with the real command line. */
export class DebugClient {
  readonly #process: ReturnType<typeof start>;
  readonly #events: DapEvent[] = [];
  readonly #waiting = new Map<number, (response: DapResponse) => void>();
  #wake: (() => void)[] = [];
  #seq = 0;

  constructor(env: Record<string, string> = {}) {
    this.#process = start(env);
    sessions.add(this);
    void this.#process.then(() => sessions.delete(this));
    const reader = new MessageReader();
    this.#process.stdout.on("data", (chunk: Buffer) => {
      for (const text of reader.read(chunk)) {
        const message = messageSchema.parse(text);
        if (message.type === "event") this.#events.push(message);
        if (message.type === "response") this.#waiting.get(message.request_seq)?.(message);
      }
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** All that the session wrote, to be shown where a test fails. */
  get text(): string {
    return this.#events
      .flatMap(({ event, body }) => (event === "output" ? (outputSchema.safeParse(body).data?.output ?? []) : []))
      .join("");
  }

  request(command: string, args: unknown = {}): Promise<DapResponse> {
    this.#seq += 1;
    const seq = this.#seq;
    this.#process.stdin.write(messageBytes({ seq, type: "request", command, arguments: args }));
    return new Promise((resolve) => this.#waiting.set(seq, resolve));
  }

  initialize(): Promise<DapResponse> {
    return this.request("initialize", { adapterID: "native-udf", linesStartAt1: true, columnsStartAt1: true });
  }

  /** Up to the point where breakpoints are set; gives the launch, which some debuggers answer later. */
  async begin(launch: Record<string, unknown>): Promise<{ launched: Promise<DapResponse> }> {
    await this.initialize();
    const launched = this.request("launch", launch);
    await this.event("initialized");
    return { launched };
  }

  /** The first event of a kind, from now or before, that fits. */
  async event(name: string, fits: (body: unknown) => boolean = () => true): Promise<unknown> {
    for (;;) {
      const found = this.#events.find(({ event, body }) => event === name && fits(body));
      if (found) return found.body;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Waits for the next stop; each is given once. */
  async stopped(): Promise<Stop> {
    const body = await this.event("stopped");
    this.#events.splice(
      this.#events.findIndex(({ event }) => event === "stopped"),
      1,
    );
    return stoppedSchema.parse(body);
  }

  /** Answers each stop from now on, until it is ended. */
  eachStop(answer: () => Promise<unknown>): { end(): void } {
    let ended = false;
    const look = () => {
      if (ended) return;
      const index = this.#events.findIndex(({ event }) => event === "stopped");
      if (index >= 0) {
        this.#events.splice(index, 1);
        void answer();
      }
      this.#wake.push(look);
    };
    look();
    return {
      end: () => {
        ended = true;
      },
    };
  }

  async setBreakpoints(file: string, lines: readonly number[]) {
    const breakpoints = lines.map((line) => ({ line }));
    const { body } = await this.request("setBreakpoints", { source: { path: file }, breakpoints });
    return breakpointsSchema.parse(body).breakpoints;
  }

  /** The first change of a breakpoint that says this of it. */
  async changed(id: number | undefined, fits: (breakpoint: z.infer<typeof changedSchema>["breakpoint"]) => boolean) {
    const body = await this.event("breakpoint", (candidate) => {
      const { breakpoint } = changedSchema.parse(candidate);
      return breakpoint.id === id && fits(breakpoint);
    });
    return changedSchema.parse(body).breakpoint;
  }

  async frames(threadId: number): Promise<Frame[]> {
    const { body } = await this.request("stackTrace", { threadId, levels: 5 });
    return stackSchema.parse(body).stackFrames;
  }

  /** Names and values of a frame's arguments and local variables. */
  async variables(frameId: number): Promise<Map<string, string>> {
    const { scopes } = scopesSchema.parse((await this.request("scopes", { frameId })).body);
    const reference = scopes[0]?.variablesReference;
    const { body } = await this.request("variables", { variablesReference: reference });
    return new Map(variablesSchema.parse(body).variables.map(({ name, value }) => [name, value]));
  }

  /** Leaves the session; gives how its process ended. */
  async leave(): Promise<{ exitCode: number | undefined; stderr: string }> {
    await this.request("disconnect");
    const { exitCode, stderr } = await this.#process;
    return { exitCode, stderr: String(stderr) };
  }

  /** Ends its process without a word. */
  kill(): void {
    process.kill(this.pid, "SIGKILL");
  }

  /** The processes that it has started, and those that these have started. */
  processes(): number[] {
    return descendants(this.pid);
  }
}

function start(env: Record<string, string>) {
  return execa(process.execPath, [program, "debug", "--dap"], {
    ...{ env, reject: false, encoding: "buffer", stdin: "pipe", stdout: "pipe" },
    buffer: { stdout: false },
  });
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "latin1");
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // it has ended in the meantime
    }
  }
  const childrenOf = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [child, ...childrenOf(child)]);
  return childrenOf(pid);
}
