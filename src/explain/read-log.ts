import { type CrashLine, readCrashLine, readJvmCrash } from "./crash-lines.ts";
import { CrashReport } from "./crash-report.ts";
import { cleanMessage, type Failure, positionIn, type RawFrame, stateIn, type Weight, weights } from "./failure.ts";
import { readCall, readLostTask, readThrown, rootOf, type Thrown } from "./java-trace.ts";
import { KeptFailures } from "./kept-failures.ts";
import { readLaunchError } from "./launch-errors.ts";
import { type LogLine, readLine } from "./log-lines.ts";
import { NativeLines } from "./native-lines.ts";
import { NotebookLines } from "./notebook-lines.ts";
import { TracebackReader, withoutGroupMarks } from "./python-traceback.ts";

/** A longer chain of exceptions, as of what tries again without an end, is told in parts. */
const longestChain = 100;

const header = /^(.*?)(?:Exception Group )?Traceback \(most recent call last\):\s*$/;
const linked =
  /^(?:The above exception was the direct cause of the following exception|During handling of the above exception, another exception occurred):\s*$/;
const fromWorker = /PythonException|PYTHON_EXCEPTION|Python worker|Lost task|TaskKilled|Stage cancelled/;
const bareException =
  /^(?:An error occurred while calling |An exception was thrown from |Job aborted|Could not serialize object: |\[[A-Z][A-Z0-9_.]+\] |(?:Caused by|JVM stacktrace): )/;
const lostExecutor =
  /(?:Lost executor \S+(?: on \S+)?: .*|Container (?:killed by YARN|marked as failed|from a bad node).*|The executor with id \d+ exited with exit code .*)/;
const waiting = /Initial job has not accepted any resources.*/;
const orderlyEnd =
  /shutting down|exit(?:ed)?(?: with)?(?: exit)? code (?:0|143)\b|decommission|idle|killed by driver|preempt/i;
const noise =
  /Shutdown hooks cannot be modified|User application exited with|Cannot call methods on a stopped SparkContext/;
/** Calls that only what works on rows has. */
const ofTask = /org\.apache\.spark\.scheduler\.Task\.run\(|\.failedExecuteUserDefinedFunctionError\(/;
const syntaxError = /^ {2}File "[^"]+", line \d+$/;

type OpenTrace = { chain: Thrown[]; weight: Weight; side: Failure["side"]; inTask?: boolean };

/** What was found in one log. The failures of its last driver exception have the weight `final`. */
export type LogFindings = { failures: Failure[]; driver: Failure | undefined };

/** Reads a log a line at a time and keeps its failures only. */
export class LogReader {
  readonly #failures = new KeptFailures();
  #traceback: TracebackReader | undefined;
  /** A traceback that another process's record was printed into. */
  #torn: TracebackReader | undefined;
  /** Of a script that Python cannot read it prints no more than the place. */
  #headless: TracebackReader | undefined;
  /** The traceback that is in another one's message. */
  #quoted: TracebackReader | undefined;
  #lastPython: Failure | undefined;
  /** The exception group whose exceptions are being read. */
  #group: Failure | undefined;
  #cause: Failure | undefined;
  #trace: OpenTrace | undefined;
  #crash: CrashReport | undefined;
  readonly #notebook = new NotebookLines();
  readonly #native = new NativeLines();
  #expectWorker = false;
  #expectSite = false;
  #ignored = false;
  #started = false;
  #record: LogLine["record"];
  /** Whether lines belong to an exception that ends the driver, as far as is known yet. */
  #final = false;
  #driver: Failure | undefined;

  take(raw: string): void {
    for (const line of readLine(raw)) {
      for (const text of this.#notebook.take(line.text)) this.#line({ ...line, text });
    }
  }

  finish(): LogFindings {
    this.#close();
    if (this.#torn && !this.#torn.isEmpty) this.#failures.keep({ ...this.#torn.failure(), weight: weights.seen });
    return { failures: this.#failures.all, driver: this.#driver };
  }

  #line({ text, record }: LogLine): void {
    if (record) {
      if (this.#traceback && !this.#traceback.ended) {
        this.#torn = this.#traceback;
        this.#traceback = undefined;
      }
      this.#close();
      this.#final = false;
      this.#record = record;
    }
    if (!this.#started && text.trim() !== "") {
      this.#started = true;
      if (!record && bareException.test(text.trim())) this.#bare(text.trim());
      // of a traceback whose first lines are not there
      if (/^ {2}File "[^"]+", line \d+, in /.test(text)) this.#begin("", false);
    }
    if (record?.logger === "DataFrameQueryContextLogger") return; // the driver's exception says the same
    this.#text(text, record);
  }

  #text(marked: string, record: LogLine["record"]): void {
    if (marked.startsWith("\tat ") && !this.#traceback && !this.#torn) {
      this.#java(marked, record); // most of a log is this
      return;
    }
    const native = this.#native.take(marked);
    if (native?.kind === "thrown" && this.#traceback) {
      this.#traceback.native = native.place;
      return;
    }
    if (native?.kind === "place" && this.#crash?.placed(native.place)) return;
    if (native?.kind === "end") {
      this.#endTraceback();
      this.#crashed(native.end);
      return;
    }
    const text = this.#traceback || header.test(marked) ? withoutGroupMarks(marked) : marked;
    const start = header.exec(text);
    if (start) {
      const isQuoted = text === marked && this.#traceback?.quotes(start[1] ?? "") === true;
      if (isQuoted) this.#quote();
      else this.#begin(start[1] ?? "", text !== marked && !/Exception Group/.test(text));
      return;
    }
    if (linked.test(text)) {
      this.#endTraceback();
      this.#cause = isLongChain(this.#lastPython) ? undefined : this.#lastPython;
      return;
    }
    const site = this.#expectSite ? /^(\S.*\.py):(\d+)$/.exec(text) : null;
    if (site?.[1] && site[2]) this.#name({ file: site[1], line: Number(site[2]), function: null });
    this.#expectSite = / was called from\s*$/.test(text);
    if (/^Exception ignored in/.test(text)) this.#ignored = true;
    if (/exception was thrown from the Python worker/.test(text)) this.#expectWorker = true;
    if (/^: |^Caused by: |^JVM stacktrace:|^Driver stacktrace:|^py4j\.Py4JException: /.test(text)) this.#endTraceback();
    else if (this.#traceback) {
      if (this.#traceback.take(text)) return;
      this.#endTraceback();
    } else if (this.#torn && /^ {2}File |^ {4}|^[A-Za-z_][\w.]*(?:Error|Exception)\b/.test(text) && !record) {
      [this.#traceback, this.#torn] = [this.#torn, undefined];
      if (this.#traceback.take(text)) return;
      this.#endTraceback();
    }
    if (!record && !this.#crash && syntaxError.test(text)) {
      this.#begin("", false);
      this.#headless = this.#traceback;
      this.#traceback?.take(text);
      return;
    }
    if (this.#ofCrash(text, record)) return;
    this.#java(text, record);
  }

  #begin(before: string, inGroup: boolean): void {
    this.#endTraceback();
    const last = this.#lastPython;
    if (inGroup && last?.type?.endsWith("Group")) this.#group = last;
    if (inGroup && this.#group) {
      const { side, weight } = this.#group;
      this.#traceback = new TracebackReader({ side, weight, cause: undefined });
      return;
    }
    this.#group = undefined;
    if (this.#torn && !this.#torn.isEmpty) this.#failures.keep({ ...this.#torn.failure(), weight: weights.noise });
    this.#torn = undefined;
    const worker =
      fromWorker.test(before) ||
      this.#expectWorker ||
      this.#cause?.side === "worker" ||
      this.#trace?.chain.at(-1)?.type.endsWith("PythonException");
    const abort = before.includes("Job aborted due to stage failure") ? weights.abort : weights.task;
    const weight = this.#ignored ? weights.noise : worker ? (this.#final ? weights.final : abort) : weights.final;
    if (!worker && before === "") this.#endTrace();
    this.#traceback = new TracebackReader({ side: worker ? "worker" : "driver", weight, cause: this.#cause });
    this.#cause = undefined;
    this.#ignored = false;
    this.#expectWorker = false;
  }

  /** A traceback in the message of another one says nothing of its own, unless it is the driver's after all. */
  #quote(): void {
    this.#endTraceback();
    this.#traceback = new TracebackReader({ side: "driver", weight: weights.final, cause: undefined });
    this.#quoted = this.#traceback;
  }

  #endTraceback(): void {
    const reader = this.#traceback;
    this.#traceback = undefined;
    if (!reader || reader.isEmpty) return;
    const failure = reader.failure();
    if (reader === this.#headless && !/^(?:Syntax|Indentation|Tab)Error$/.test(failure.type ?? "")) return;
    if (reader === this.#quoted && !failure.frames.some(isOfDriver)) return;
    this.#lastPython = failure;
    const { cause } = failure;
    if (cause) this.#failures.remove(cause);
    if (failure.side === "driver" && failure.weight === weights.final && !this.#group) this.#openDriver(failure);
    this.#failures.keep(
      this.#final || failure.side === "driver" ? failure : { ...failure, weight: lower(failure.weight) },
    );
    const lost = readLostTask(failure.message);
    if (lost) this.#trace = { chain: [lost], weight: this.#weight(undefined), side: "worker" };
    if (lost) this.#crashIn(lost.message);
  }

  /** Another exception of the driver: the job went on after the ones before. */
  #openDriver(failure: Failure | undefined): void {
    this.#failures.demoteFinal();
    this.#final = true;
    this.#driver = failure;
  }

  /** Where the query that failed was written: `"late" was called from` and a line. */
  #name(site: RawFrame): void {
    this.#endTraceback();
    this.#failures.name(site);
  }

  /** A log that begins with an exception's text is that text. */
  #bare(text: string): void {
    this.#openDriver(undefined);
    const pickled = /^Could not serialize object: (?:\w+: )?(.*)$/.test(text);
    const named = /^\[[A-Z][A-Z0-9_.]+\] /.test(text) && !header.test(text);
    if (!pickled && !named) return;
    const type = pickled ? "PicklingError" : null;
    this.#failures.keep({
      kind: "python",
      side: "driver",
      type,
      message: cleanMessage(text),
      position: positionIn(text),
      state: stateIn(text),
      frames: [],
      weight: weights.final,
    });
  }

  /** True where the line belongs to a crash's report. */
  #ofCrash(text: string, record: LogLine["record"]): boolean {
    const found = readJvmCrash(text) ?? (/^\s*at /.test(text) || isSparksWord(text) ? undefined : readCrashLine(text));
    if (found && !/^(?:INFO|DEBUG)$/.test(record?.level ?? "")) {
      this.#crashed(found);
      return true;
    }
    return this.#crash?.take(text) ?? false;
  }

  #crashed(line: CrashLine): void {
    this.#endCrash();
    this.#crash = new CrashReport(line, this.#final ? weights.final : weights.task);
  }

  #crashIn(message: string): void {
    const found = readCrashLine(message);
    if (!found) return;
    this.#endCrash();
    this.#crash = new CrashReport(found, this.#weight(undefined));
  }

  #java(text: string, record: LogLine["record"]): void {
    const called = readCall(text);
    if (called) this.#trace?.chain.at(-1)?.frames.push(called);
    if (this.#trace && ofTask.test(text)) this.#trace.inTask = true;
    if (called || /^\s*(?:at |\.\.\. \d+ more)/.test(text)) return;
    const user = /(?:User class threw exception|Uncaught exception): (.*)$/.exec(text)?.[1];
    if (
      !noise.test(text) &&
      !/finished with failed status/.test(text) &&
      (user !== undefined || text.startsWith("Exception in thread "))
    )
      this.#openDriver(undefined);
    const lost = readLostTask(text);
    const thrown = lost ?? readThrown(user ?? text);
    if (!thrown) {
      const last = this.#trace?.chain.at(-1);
      // Kubernetes tells the reason in the next line
      if (last?.message.endsWith("Reason: ") && text.trim() !== "") last.message += text.trim();
      else this.#executor(text);
      return;
    }
    if (!text.startsWith("Caused by: ") && !this.#trace) {
      const side = lost || record || this.#record?.logger === "Executor" ? "worker" : "driver";
      this.#trace = { chain: [], weight: this.#weight(text), side };
    }
    this.#trace ??= { chain: [], weight: this.#weight(text), side: "worker" };
    if (lost) this.#trace.side = "worker";
    if (thrown.message.startsWith("[FAILED_EXECUTE_UDF]")) this.#trace.inTask = true;
    this.#trace.chain.push(thrown);
    this.#crashIn(thrown.message);
  }

  #weight(text: string | undefined): Weight {
    if (this.#final) return weights.final;
    if (text?.includes("Job aborted due to stage failure")) return weights.abort;
    const { level = "", logger = "" } = this.#record ?? {};
    if (/Executor$|TaskSetManager/.test(logger)) return weights.task;
    if (/^(?:ERROR|FATAL|CRITICAL)$/.test(level)) return weights.seen;
    return text === undefined ? weights.task : this.#record ? weights.noise : weights.seen;
  }

  #executor(text: string): void {
    const idle = waiting.exec(text)?.[0];
    const end = idle ?? readLaunchError(text);
    if (end !== undefined) {
      const about = { kind: "java", side: "driver", type: null, frames: [] } as const;
      this.#failures.keep({ ...about, message: end, weight: idle === undefined ? weights.task : weights.seen });
      return;
    }
    const lost = lostExecutor.exec(text)?.[0];
    if (!lost || orderlyEnd.test(lost)) return;
    const failure = { kind: "java", side: "worker", type: "ExecutorLostFailure", message: lost, frames: [] } as const;
    this.#failures.keep({ ...failure, weight: weights.seen });
  }

  #close(): void {
    this.#endTraceback();
    this.#endCrash();
    this.#endTrace();
    this.#cause = undefined;
  }

  #endTrace(): void {
    const trace = this.#trace;
    this.#trace = undefined;
    if (!trace) return;
    const chain = trace.chain.filter(({ type }) => !/\.PythonException$/.test(type));
    const root = rootOf(chain, trace);
    if (root) this.#failures.keep(noise.test(root.message) ? { ...root, weight: weights.noise } : root);
  }

  #endCrash(): void {
    const crash = this.#crash;
    this.#crash = undefined;
    if (crash) this.#failures.keep(crash.failure());
  }
}

/** A call of what only drivers call. */
function isOfDriver({ file }: RawFrame): boolean {
  return /py4j|pyspark\/(?:sql|errors|core)\//.test(file);
}

/** What Spark says of a worker that is gone, with its advice, is no report of the worker's own. */
function isSparksWord(text: string): boolean {
  const at = text.search(/\bexited unexpectedly\b/);
  return at >= 0 && text.includes("Consider", at);
}

function lower(weight: Weight): Weight {
  return weight === weights.final ? weights.task : weight;
}

function isLongChain(failure: Failure | undefined): boolean {
  let length = 0;
  for (let one = failure; one; one = one.cause) length += 1;
  return length >= longestChain;
}
