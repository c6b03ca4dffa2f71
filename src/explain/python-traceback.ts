import { cleanMessage, type Failure, positionIn, type RawFrame, shortName, stateIn, type Weight } from "./failure.ts";
import type { NativePlace } from "./native-lines.ts";

const frame = /^\s*File "(.+?)", line (\d+)(?:,? in (.+))?\s*$/;
const raised = /^((?:[A-Za-z_][\w]*\.)*(?:<locals>\.)?[A-Za-z_]\w*)(?:: ?(.*))?$/;
const surelyRaised =
  /(?:Error|Exception|Warning|Interrupt|Exit|Iteration|Group|Failure|Timeout|Abort|Fault|Invalid|NotFound)$/;
/** What pandas prints below a column's values, where a traceback shows values. */
const printedColumn = /^(?:Name|Length|Freq|Categories|dtype|Index|Columns|Empty)$/;

/** `  File "x.py", line 3, in f` of a traceback, or without the comma as faulthandler has it. */
export function readFrame(text: string): RawFrame | undefined {
  const [, file, line, name] = frame.exec(text) ?? [];
  if (file === undefined || line === undefined || Number(line) < 1) return undefined;
  return { file, line: Number(line), function: name ?? null };
}

/** `  | ` and `+-+---- 1 ----` of exception groups are no part of the text. */
export function withoutGroupMarks(text: string): string {
  if (text.endsWith("-") && /^\s*\+-[-+ \d.]+$/.test(text)) return "";
  return text.replace(/^\s*(?:\| |\+ (?=Exception Group Traceback))/, "").replace(/^\s*\|$/, "");
}

/** Reads one traceback, a line at a time. */
export class TracebackReader {
  readonly #frames: RawFrame[] = [];
  readonly #locals: string[] = [];
  readonly #about: { side: Failure["side"]; weight: Weight; cause: Failure | undefined };
  #linesOfFrame = 0;
  #raisesFrom = false;
  #hasLocals = false;
  #type: string | undefined;
  #message: string[] = [];
  /** An exception without a text has no colon after its name. */
  #hasMessage = false;
  /** What the line for programs below the message tells. */
  native: NativePlace | undefined;

  constructor(about: { side: Failure["side"]; weight: Weight; cause: Failure | undefined }) {
    this.#about = about;
  }

  /** False where the line is no part of the traceback. */
  take(text: string): boolean {
    const called = /^ {1,3}File /.test(text) ? readFrame(text) : undefined;
    if (called) {
      this.#frames.push(called);
      // what looked like the end was the value of a local
      this.#type = undefined;
      this.#message = [];
      this.#linesOfFrame = 0;
      this.#raisesFrom = false;
      this.#locals.length = 0;
      return true;
    }
    if (/^\s+\[Previous line repeated \d+ more times?\]/.test(text)) return true;
    if (this.#type === undefined) return this.#beforeTheEnd(text);
    return this.#afterTheEnd(text);
  }

  #beforeTheEnd(text: string): boolean {
    if (text === "") return this.#frames.length > 0 && this.#hasLocals;
    if (/^\s*at [\w.$/]+\(/.test(text)) return false;
    if (/^\s/.test(text)) {
      this.#linesOfFrame += 1;
      this.#raisesFrom ||= /^ {4}raise\b.*\bfrom (?!None\b)\w+$/.test(text);
      const local = /^ {4}(\w+) = (.*)$/.exec(text);
      if (local && this.#linesOfFrame > 1) {
        this.#hasLocals = true;
        this.#locals.push(`${local[1]} = ${local[2]}`);
      }
      return true;
    }
    const found = raised.exec(text);
    if (found?.[1] && !(this.#hasLocals && printedColumn.test(found[1]))) {
      this.#type = found[1];
      this.#message = [found[2] ?? ""];
      this.#hasMessage = found[2] !== undefined;
      return true;
    }
    return this.#hasLocals;
  }

  #afterTheEnd(text: string): boolean {
    if (/^\s*(?:at [\w.$/]+\(|SQLSTATE: )/.test(text) || /^\)/.test(text)) return false;
    const found = raised.exec(text);
    if (this.#hasLocals && found?.[1] && !surelyRaised.test(this.#type ?? "") && surelyRaised.test(found[1])) {
      this.#type = found[1];
      this.#message = [found[2] ?? ""];
      this.#hasMessage = found[2] !== undefined;
      return true;
    }
    if (
      !this.#hasMessage ||
      this.#message.length >= 8 ||
      (text === "" && this.#message.some((line) => line.trim() !== ""))
    ) {
      return false;
    }
    this.#message.push(text);
    return true;
  }

  /**
   * True where another traceback that begins at the next line is a part of the message, as of a program that tells what
   * its child said. What Spark tells of a worker ends with an empty line.
   */
  quotes(before: string): boolean {
    if (before !== "" || this.#type === undefined || (this.#message.at(-1) ?? "").trim() === "") return false;
    const isIntroduced = this.#message.at(-1)?.trimEnd().endsWith(":") === true && /Error$/.test(this.#type);
    return isIntroduced || this.#side() === "worker";
  }

  /** True when its last line has been read. */
  get ended(): boolean {
    return this.#type !== undefined;
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0 && this.#type === undefined;
  }

  /** The first line that says something; of an RPC's error its details. */
  #firstLine(): string {
    const details = this.#message.map((line) => /^\s*details = "(.*)"$/.exec(line)?.[1]).find((text) => text);
    if (details !== undefined && this.#message[0]?.startsWith("<")) return details;
    return this.#message.find((line) => line.trim() !== "") ?? "";
  }

  #side(): Failure["side"] {
    const begin = this.#frames.find(({ file }) => !/^<frozen |\/runpy\.py$/.test(file))?.file ?? "";
    const inWorker = /pyspark(?:\.zip)?\/(?:pyspark\/)?(?:worker|daemon|worker_util)\.py$/.test(begin);
    return inWorker ? "worker" : this.#about.side;
  }

  failure(): Failure {
    const type = this.#type === undefined ? null : shortName(this.#type);
    return {
      kind: "python",
      side: this.#side(),
      weight: this.#about.weight,
      cause: this.#about.cause,
      lacksCause: this.#raisesFrom && this.#about.cause === undefined,
      type,
      position: positionIn(this.#firstLine()),
      state: stateIn(this.#message.join("\n")),
      message: cleanMessage(this.#firstLine()) || (type ?? "the traceback is cut off"),
      frames: [...this.#frames],
      native: this.native,
      locals: this.#locals.filter((local) => local.length <= 80 && !/ = <|^\.\d/.test(local)),
    };
  }
}
