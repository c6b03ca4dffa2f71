import { StringDecoder } from "node:string_decoder";

/** A longer line is cut here, with a mark. */
export const longestLine = 64 * 1024;

/** Cuts a stream of bytes into lines of text, whatever the chunks are. */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";
  #cut = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** The last line, if it has no newline. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#rest !== "") this.#emit(this.#rest);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#emit(line);
    if (this.#rest.length <= longestLine) return;
    this.#emit(this.#rest);
    this.#cut = true;
    this.#rest = "";
  }

  #emit(line: string): void {
    const wasCut = this.#cut;
    this.#cut = false;
    if (wasCut) return; // the rest of a line that was cut
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    this.#onLine(text.length > longestLine ? `${text.slice(0, longestLine)} … (cut)` : text);
  }
}
