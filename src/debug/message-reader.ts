const border = "\r\n\r\n";

/** Finds the messages in what a peer writes: `Content-Length: <bytes>`, an empty line, JSON. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that end in the chunk. Throws where a header or the JSON is none. */
  read(chunk: Buffer): unknown[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: unknown[] = [];
    for (;;) {
      const end = this.#rest.indexOf(border);
      if (end < 0) return messages;
      const header = this.#rest.toString("latin1", 0, end);
      const length = /^Content-Length: *(\d+)$/im.exec(header)?.[1];
      if (length === undefined) throw new Error(`this is no header of a message: ${header.slice(0, 200)}`);
      const start = end + border.length;
      const last = start + Number(length);
      if (this.#rest.length < last) return messages;
      messages.push(JSON.parse(this.#rest.toString("utf8", start, last)));
      this.#rest = this.#rest.subarray(last);
    }
  }
}

export function messageBytes(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${border}`), body]);
}
