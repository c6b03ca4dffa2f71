/// <reference lib="dom" />
import { type FromPage, type ToPage, toPageSchema } from "../protocol.ts";

type Request = Extract<FromPage, { request: number }>;
type Unnumbered<Message> = Message extends Request ? Omit<Message, "request"> : never;

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** An answer that does not come by then will not: the host has shown another run. */
const patienceMilliseconds = 10_000;

const host = acquireVsCodeApi();
const waiting = new Map<number, (answer: Extract<ToPage, { request: number }> | undefined) => void>();
let lastRequest = 0;

export function send(message: FromPage): void {
  host.postMessage(message);
}

/** Asks the host for something; undefined where no answer comes. */
export function ask(message: Unnumbered<Request>): Promise<Extract<ToPage, { request: number }> | undefined> {
  lastRequest += 1;
  const request = lastRequest;
  return new Promise((resolve) => {
    const timer = setTimeout(() => waiting.get(request)?.(undefined), patienceMilliseconds);
    waiting.set(request, (answer) => {
      clearTimeout(timer);
      waiting.delete(request);
      resolve(answer);
    });
    host.postMessage({ ...message, request } as Request);
  });
}

/** Calls back for each message that is no answer. One of another shape is told on the console, and left. */
export function listen(onMessage: (message: ToPage) => void): void {
  window.addEventListener("message", ({ data }) => {
    const parsed = toPageSchema.safeParse(data);
    if (!parsed.success) console.error("The host sent a message that is none:", parsed.error.message);
    else if ("request" in parsed.data) waiting.get(parsed.data.request)?.(parsed.data);
    else onMessage(parsed.data);
  });
}

export function savedState(): unknown {
  return host.getState();
}

export function saveState(state: unknown): void {
  host.setState(state);
}
