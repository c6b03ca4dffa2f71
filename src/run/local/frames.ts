import { deserialize, serialize } from "node:v8";

const headerBytes = 4;

/** A message as bytes for a socket, which keeps no borders between messages: its length, then what a fork would send. */
export function frame(message: unknown): Buffer {
  const body = serialize(message);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(body.length);
  return Buffer.concat([header, body]);
}

/** Finds the messages in a stream of bytes, whatever the chunks are. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that end in the chunk. */
  read(chunk: Buffer): unknown[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: unknown[] = [];
    while (this.#rest.length >= headerBytes) {
      const end = headerBytes + this.#rest.readUInt32LE();
      if (this.#rest.length < end) break;
      messages.push(deserialize(this.#rest.subarray(headerBytes, end)));
      this.#rest = this.#rest.subarray(end);
    }
    return messages;
  }
}
