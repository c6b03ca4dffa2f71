import { StringDecoder } from "node:string_decoder";

/** A longer line is cut here, with a mark. */
export const longestLine = 64 * 1024;

/** Cuts a stream of bytes into lines of text, whatever the chunks are. */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #longest: number;
  #rest = "";
  #cut = false;

  constructor(longest = longestLine) {
    this.#longest = longest;
  }

  /** The lines that end in the chunk. */
  write(chunk: Buffer): string[] {
    return this.#take(this.#decoder.write(chunk));
  }

  /** The last line, if it has no newline. */
  end(): string[] {
    const lines = this.#take(this.#decoder.end());
    return this.#rest === "" || this.#cut ? lines : [...lines, this.#shown(this.#rest)];
  }

  #take(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    const taken: string[] = [];
    for (const line of lines) {
      if (!this.#cut) taken.push(this.#shown(line));
      this.#cut = false; // what is left of a line that was cut ends here
    }
    if (this.#cut) this.#rest = "";
    else if (this.#rest.length > this.#longest) {
      taken.push(this.#shown(this.#rest));
      this.#cut = true;
      this.#rest = "";
    }
    return taken;
  }

  #shown(line: string): string {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    return text.length > this.#longest ? `${text.slice(0, this.#longest)} … (cut)` : text;
  }
}
