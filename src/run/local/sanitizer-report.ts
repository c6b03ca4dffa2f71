import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Trace } from "../traced-error.ts";

/** What AddressSanitizer found, which ends the process. */
export type MemoryMistake = {
  /** `heap-buffer-overflow: READ of size 8, 0 bytes to the right of 32-byte region`. */
  what: string;
  /** Where the memory comes from, and where it was freed, as far as the report tells. */
  stacks: { title: string; trace: Trace }[];
};

/** The end of a line that names an artifact: its module, and an address in it. */
const frameLine = /^\s+#\d+ 0x[0-9a-f]+ .*\/(?<module>[a-z]\w*)-[0-9a-f]{12}\.udf\.so\+0x(?<address>[0-9a-f]+)\)/;
const undefinedLine = /^(?:\.\/)?(?<file>\S.*?):(?<line>\d+):(?<column>\d+): runtime error: (?<message>.*)$/;
const stackTitle = /^(?:(?<freed>freed)|(?:previously )?(?<allocated>allocated)) by thread T\d+(?: \(.*\))? here:$/;

/**
 * Reads what sanitizers write to stderr, line by line. Source: the reports of AddressSanitizer and
 * UndefinedBehaviorSanitizer of g++ 12 and clang 14 with `symbolize=0`.
 */
export class SanitizerReport {
  #memory: MemoryMistake | undefined;
  #stack: Trace | undefined;
  #over = false;

  get memory(): MemoryMistake | undefined {
    return this.#memory;
  }

  /** Undefined behaviour at a line of the sources, where the line tells of one. */
  read(line: string): Diagnostic | undefined {
    const found = undefinedLine.exec(line)?.groups;
    if (found) return undefinedBehaviour(found);
    const error = /^==\d+==ERROR: AddressSanitizer: (?:attempting )?(?<kind>[\w-]+)/.exec(line)?.groups;
    if (error && !this.#memory) this.#memory = { what: error.kind ?? "", stacks: [] };
    if (/^==\d+==ABORTING|^SUMMARY: /.test(line)) this.#over = true;
    if (this.#memory && !this.#over) this.#readMore(line, this.#memory);
    return undefined;
  }

  #readMore(line: string, memory: MemoryMistake): void {
    const access = /^(?:READ|WRITE) of size \d+/.exec(line)?.[0];
    if (access && !memory.what.includes(":")) memory.what += `: ${access}`;
    const region = /^0x[0-9a-f]+ is located (?<where>.*? region)/.exec(line)?.groups?.where;
    if (region) memory.what += `, ${region}`;
    const title = stackTitle.exec(line)?.groups;
    if (title) {
      this.#stack = { module: "", frames: [] };
      const how = title.freed ? "freed" : "allocated";
      memory.stacks.push({ title: `the memory was ${how} here`, trace: this.#stack });
    }
    const frame = frameLine.exec(line)?.groups;
    if (!frame || !this.#stack) return;
    this.#stack.module = frame.module ?? "";
    this.#stack.frames.push(Number.parseInt(frame.address ?? "0", 16));
  }
}

function undefinedBehaviour(found: Record<string, string>): Diagnostic {
  const { file = "", line, column, message = "" } = found;
  return {
    severity: "error",
    origin: "sanitizer",
    code: "undefined behaviour",
    message,
    location: { file, line: Number(line), column: Number(column) },
    related: [],
  };
}
