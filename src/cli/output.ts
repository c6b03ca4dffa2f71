import type { Ora } from "ora";
import pc from "picocolors";
import { type Diagnostic, formatLocation } from "../core/diagnostic.ts";
import { messageOf, UdfError } from "../core/error.ts";
import { plain, plainDiagnostic, plainLines } from "../core/plain.ts";

export type OutputOptions = { json?: boolean; quiet?: boolean; verbose?: boolean };

/**
 * Where a command writes. What it made goes to stdout; notes, progress and errors go to stderr. With `--json` stdout
 * holds the machine form and nothing else; with `--quiet` only errors are written. Colours and progress only on a
 * terminal.
 */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly #errorColors: ReturnType<typeof pc.createColors>;
  #spinner: Ora | undefined;
  #text: string | undefined;

  constructor({ json = false, quiet = false, verbose = false }: OutputOptions) {
    this.json = json;
    this.quiet = quiet;
    this.verbose = verbose;
    const wanted = process.env.NO_COLOR === undefined;
    this.colors = pc.createColors(wanted && process.stdout.isTTY === true);
    this.#errorColors = pc.createColors(wanted && process.stderr.isTTY === true);
  }

  /** The result for people. */
  print(text: string): void {
    if (!this.json && !this.quiet) process.stdout.write(`${text}\n`);
  }

  /** The result for machines. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Something worth knowing on the way; not part of the result. */
  note(text: string): void {
    if (this.json || this.quiet) return;
    this.#pause(() => process.stderr.write(`${this.#errorColors.dim(text)}\n`));
  }

  warn(text: string): void {
    if (this.quiet || this.json) return;
    this.#pause(() => process.stderr.write(`${this.#errorColors.yellow("warning:")} ${text}\n`));
  }

  /** A finding that is no error, at its place. */
  warnOf({ location, message }: Diagnostic): void {
    const text = message.replaceAll(/\s*\n\s*|\t/g, " ");
    this.warn(plain(location ? `${formatLocation(location)}: ${text}` : text));
  }

  /** What is going on now; replaces the last one. Shown on a terminal only. */
  progress(text: string): void {
    if (this.json || this.quiet || process.stderr.isTTY !== true) return;
    this.#text = text;
    if (this.#spinner) this.#spinner.text = text;
    else void this.#startSpinner();
  }

  /** The library is loaded only where there is a terminal to show it on. */
  async #startSpinner(): Promise<void> {
    const { default: ora } = await import("ora");
    if (this.#spinner || this.#text === undefined) return;
    this.#spinner = ora({ stream: process.stderr, discardStdin: false, text: this.#text }).start();
  }

  endProgress(): void {
    this.#text = undefined;
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  /** One line that says what, where and what to do; below it the other findings, and with `--verbose` all there is. */
  failure(error: unknown): void {
    this.endProgress();
    const udfError = error instanceof UdfError ? error : undefined;
    if (this.json) {
      this.result({ error: udfError ? errorObject(udfError) : { code: "INTERNAL", message: messageOf(error) } });
      return;
    }
    const line = plain(messageOf(error));
    process.stderr.write(`${this.#errorColors.red("error:")} ${line}\n`);
    const others = (udfError?.diagnostics ?? []).filter((each) => !says(line, each)).slice(0, 10);
    for (const diagnostic of others) {
      process.stderr.write(`  ${plainDiagnostic(diagnostic)}\n`);
      for (const { message, location } of diagnostic.related.slice(0, 3)) {
        process.stderr.write(`    ${formatLocation(location)}: ${message}\n`);
      }
    }
    if (this.verbose) this.#everything(error, udfError);
    else if (!udfError)
      process.stderr.write("This is a fault of native-udf. Run it again with --verbose to see where.\n");
  }

  #everything(error: unknown, udfError: UdfError | undefined): void {
    if (udfError?.details) process.stderr.write(`${plainLines(udfError.details)}\n`);
    if (error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error) process.stderr.write(`caused by ${cause.stack ?? cause.message}\n`);
  }

  #pause(write: () => void): void {
    const spinner = this.#spinner;
    spinner?.clear();
    write();
    spinner?.render();
  }
}

/** Whether a line says all that a finding does. */
function says(line: string, finding: Diagnostic): boolean {
  const { severity, related } = finding;
  return related.length === 0 && plainDiagnostic(finding).replace(`: ${severity}: `, ": ") === line;
}

/** The machine form of a failure; part of what `--json` promises. */
export function errorObject(error: UdfError): Record<string, unknown> {
  const { code, message, what, where, next, details, diagnostics } = error;
  return { code, message, what, where, next, details, diagnostics };
}
