import { createServer, type Server, type Socket } from "node:net";
import { FrameReader, frame } from "../run/local/frames.ts";
import type { Exit, LaunchedWorker, LaunchOptions } from "../run/local/launch-worker.ts";
import { fromWorkerSchema, type ToWorker } from "../run/local/messages.ts";

type Options = Pick<LaunchOptions, "onMessage" | "onOutput"> & {
  /** Path of the socket that the worker connects to. */
  socket: string;
  /** Ends what runs under the debugger, whatever it is. */
  onKill: () => void;
  /** It has left the socket: for a debugger that does not tell of its end. */
  onLeft?: () => void;
};

/** A worker that a debugger starts: it comes to a socket, and the debugger tells of its output and end. */
export class DebuggedWorker implements LaunchedWorker {
  readonly exited: Promise<Exit>;
  /** Resolves when the worker can come. Rejects where the socket cannot be made. */
  readonly listening: Promise<void>;
  readonly #options: Options;
  readonly #server: Server;
  #ended: { resolve: (exit: Exit) => void; reject: (error: unknown) => void } | undefined;
  #socket: Socket | undefined;
  #unsent: Buffer[] = [];
  #pid: number | undefined;
  #hasEnded = false;

  constructor(options: Options) {
    this.#options = options;
    this.exited = new Promise((resolve, reject) => {
      this.#ended = { resolve, reject };
    });
    this.#server = createServer((socket) => this.#accept(socket));
    this.listening = new Promise((resolve, reject) => {
      this.#server.once("error", reject).listen(options.socket, resolve);
    });
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  send(message: ToWorker): void {
    const bytes = frame(message);
    if (this.#socket) this.#socket.write(bytes);
    else this.#unsent.push(bytes);
  }

  kill(): void {
    if (this.#hasEnded) return;
    if (this.#pid !== undefined) killGroup(this.#pid);
    this.#options.onKill();
  }

  /** The debugger says that it wrote this. */
  output(text: string): void {
    this.#options.onOutput("stdout", Buffer.from(text));
  }

  /** The debugger says that it has ended. */
  end(exit: Exit): void {
    if (this.#hasEnded) return;
    this.#close();
    this.#options.onOutput("stdout", undefined);
    this.#ended?.resolve(exit);
  }

  /** It never was there. */
  fail(error: unknown): void {
    if (this.#hasEnded) return;
    this.#close();
    this.#ended?.reject(error);
  }

  #close(): void {
    this.#hasEnded = true;
    this.#socket?.destroy();
    this.#server.close();
  }

  #accept(socket: Socket): void {
    if (this.#socket || this.#hasEnded) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    const reader = new FrameReader();
    socket.on("error", () => undefined); // the close follows
    socket.on("close", () => this.#options.onLeft?.());
    socket.on("data", (chunk) => {
      for (const message of reader.read(chunk)) this.#receive(message);
    });
    for (const bytes of this.#unsent.splice(0)) socket.write(bytes);
  }

  #receive(message: unknown): void {
    const parsed = fromWorkerSchema.safeParse(message).data;
    if (parsed?.kind === "ready") this.#pid = parsed.pid;
    this.#options.onMessage(message);
  }
}

/** Both debuggers start a program as the leader of a group. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // it has ended in the meantime
  }
}
