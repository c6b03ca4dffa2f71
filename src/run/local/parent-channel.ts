import { connect } from "node:net";
import process from "node:process";
import { FrameReader, frame } from "./frames.ts";
import type { FromWorker } from "./messages.ts";

/** The worker's line to the coordinator. */
export type ParentChannel = {
  /** The process that this one must not outlive. */
  readonly parent: number;
  send(message: FromWorker): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The coordinator is gone. */
  onClose(listener: () => void): void;
};

/** What makes a worker connect to a socket: a debugger starts it, and hands over nothing but arguments. */
export const connectOption = "--connect";

/** `<parent>` for the channel of a fork, or `--connect <socket>`. */
export function openChannel([first = "", second]: readonly string[]): ParentChannel {
  return first === connectOption && second !== undefined ? socketChannel(second) : forkChannel(Number(first));
}

function forkChannel(parent: number): ParentChannel {
  return {
    parent,
    // the coordinator is gone when this fails, and the disconnect ends this process
    send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => void process.on("message", listener),
    onClose: (listener) => void process.on("disconnect", listener),
  };
}

function socketChannel(path: string): ParentChannel {
  const socket = connect(path);
  const reader = new FrameReader();
  socket.on("error", () => undefined); // the close follows
  return {
    parent: process.ppid,
    send: (message) => void socket.write(frame(message)),
    onMessage: (listener) =>
      void socket.on("data", (chunk) => {
        for (const message of reader.read(chunk)) listener(message);
      }),
    onClose: (listener) => void socket.on("close", listener),
  };
}
