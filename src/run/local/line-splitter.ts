import { StringDecoder } from "node:string_decoder";

/** A longer line is cut here, with a mark. */
export const longestLine = 64 * 1024;

/** Cuts a stream of bytes into lines of text, whatever the chunks are. */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  #cut = false;

  /** The lines that end in the chunk. */
  write(chunk: Buffer): string[] {
    return this.#take(this.#decoder.write(chunk));
  }

  /** The last line, if it has no newline. */
  end(): string[] {
    const lines = this.#take(this.#decoder.end());
    return this.#rest === "" || this.#cut ? lines : [...lines, shown(this.#rest)];
  }

  #take(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    const taken: string[] = [];
    for (const line of lines) {
      if (!this.#cut) taken.push(shown(line));
      this.#cut = false; // what is left of a line that was cut ends here
    }
    if (this.#cut) this.#rest = "";
    else if (this.#rest.length > longestLine) {
      taken.push(shown(this.#rest));
      this.#cut = true;
      this.#rest = "";
    }
    return taken;
  }
}

function shown(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.length > longestLine ? `${text.slice(0, longestLine)} … (cut)` : text;
}
