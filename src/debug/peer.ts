import type { Readable, Writable } from "node:stream";
import { messageOf } from "../core/error.ts";
import { MessageReader, messageBytes } from "./message-reader.ts";
import { type DapEvent, type DapRequest, type DapResponse, errorBody, messageSchema } from "./messages.ts";

export type PeerOptions = {
  input: Readable;
  output: Writable;
  onRequest: (request: DapRequest) => void;
  onEvent: (event: DapEvent) => void;
  /** It says nothing more; with the reason where that is what it said last. */
  onEnd: (reason: string | undefined) => void;
};

/** One that speaks the protocol over two streams: the editor, or a debug adapter. Messages are numbered here. */
export class Peer {
  readonly #options: PeerOptions;
  readonly #reader = new MessageReader();
  readonly #waiting = new Map<number, (response: DapResponse) => void>();
  #seq = 0;
  #ended = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    const { input, output } = options;
    input.on("data", (chunk: Buffer) => this.#read(chunk));
    input.on("end", () => this.#end(undefined)).on("error", (error) => this.#end(messageOf(error)));
    output.on("error", (error) => this.#end(messageOf(error)));
  }

  /** The answer comes before whatever the peer says after it. A peer that ends answers nothing. */
  request(command: string, args: unknown, onResponse: (response: DapResponse) => void = () => undefined): void {
    const seq = this.#send({ type: "request", command, ...(args === undefined ? {} : { arguments: args }) });
    this.#waiting.set(seq, onResponse);
  }

  /** Answers with what another peer has answered. */
  forward({ seq, command }: DapRequest, response: DapResponse): void {
    this.#send({ ...response, type: "response", request_seq: seq, command });
  }

  respond({ seq, command }: DapRequest, body?: unknown): void {
    this.#send({
      ...{ type: "response", request_seq: seq, success: true, command },
      ...(body === undefined ? {} : { body }),
    });
  }

  refuse({ seq, command }: DapRequest, message: string): void {
    const body = errorBody(message);
    this.#send({ type: "response", request_seq: seq, success: false, command, message, body });
  }

  event(event: string, body?: unknown): void {
    this.#send({ type: "event", event, ...(body === undefined ? {} : { body }) });
  }

  #send(message: Record<string, unknown>): number {
    this.#seq += 1;
    if (!this.#ended) this.#options.output.write(messageBytes({ ...message, seq: this.#seq }));
    return this.#seq;
  }

  #read(chunk: Buffer): void {
    try {
      for (const text of this.#reader.read(chunk)) this.#receive(text);
    } catch (error) {
      this.#end(messageOf(error));
    }
  }

  #receive(text: unknown): void {
    const message = messageSchema.parse(text);
    switch (message.type) {
      case "request":
        this.#options.onRequest(message);
        return;
      case "event":
        this.#options.onEvent(message);
        return;
      case "response": {
        const { request_seq: seq } = message;
        const onResponse = this.#waiting.get(seq);
        this.#waiting.delete(seq);
        onResponse?.(message);
        return;
      }
    }
  }

  #end(reason: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting.clear();
    this.#options.onEnd(reason);
  }
}
