import path from "node:path";
import { type Diagnostic, formatDiagnostic } from "../../core/diagnostic.ts";
import { UdfError } from "../../core/error.ts";
import type { EventLog } from "../event-log.ts";
import type { Trace } from "../traced-error.ts";
import { type MemoryMistake, SanitizerReport } from "./sanitizer-report.ts";

/** What sanitizers have found in a run's workers; each mistake is told once, whoever made it. */
export class SanitizerFindings {
  readonly #log: EventLog;
  readonly #root: string;
  /** By what it says. */
  readonly #told = new Map<string, Diagnostic>();
  readonly #reports = new Map<number, SanitizerReport>();

  /** Places in files below `root` are told from there. */
  constructor(log: EventLog, root: string) {
    this.#log = log;
    this.#root = root;
  }

  /** Takes lines that a worker has written to stderr. */
  read(worker: number, lines: readonly string[]): void {
    const report = this.#reports.get(worker) ?? new SanitizerReport();
    this.#reports.set(worker, report);
    for (const line of lines) {
      const found = report.read(line);
      const diagnostic = found && this.#below(found);
      const text = diagnostic && formatDiagnostic(diagnostic);
      if (!diagnostic || !text || this.#told.has(text)) continue;
      this.#told.set(text, diagnostic);
      this.#log.emit({ kind: "diagnostic", diagnostic });
    }
  }

  #below(diagnostic: Diagnostic): Diagnostic {
    const { location } = diagnostic;
    if (!location) return diagnostic;
    const inside = path.relative(this.#root, path.resolve(this.#root, location.file));
    return { ...diagnostic, location: { ...location, file: inside.startsWith("..") ? location.file : inside } };
  }

  /** The mistake that has ended a worker. */
  memoryMistakeOf(worker: number): MemoryMistake | undefined {
    return this.#reports.get(worker)?.memory;
  }

  /** Tells where the memory of such a mistake comes from. */
  async tellOrigins(place: (diagnostic: Diagnostic, trace: Trace) => Promise<Diagnostic>): Promise<void> {
    const stacks = [...this.#reports.values()].flatMap(({ memory }) => memory?.stacks ?? []);
    for (const { title, trace } of stacks) {
      const bare: Diagnostic = { severity: "note", origin: "sanitizer", message: title, related: [] };
      const diagnostic = await place(bare, trace);
      if (diagnostic.location) this.#log.emit({ kind: "diagnostic", diagnostic });
    }
  }

  /** Throws SANITIZER_FOUND where the run went on in spite of what was found. */
  refuse(): void {
    const [first] = this.#told.keys();
    if (first === undefined) return;
    const more = this.#told.size === 1 ? "" : ` (and ${this.#told.size - 1} more)`;
    throw new UdfError("SANITIZER_FOUND", {
      what: `the sanitizers found undefined behaviour${more}: ${first.replace(/: error: /, ": ")}`,
      next: "Correct it: what such code computes is up to the compiler.",
      diagnostics: [...this.#told.values()],
    });
  }
}
