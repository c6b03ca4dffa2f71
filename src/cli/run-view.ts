import type { Diagnostic } from "../core/diagnostic.ts";
import { type RunEvent, shareOf, workerName } from "../core/events.ts";
import { plain, plainDiagnostic, plainLines } from "../core/plain.ts";
import type { RunSummary } from "../run/submit.ts";
import { FoldedLog } from "./folded-log.ts";
import { formatBytes, formatCount, formatNumber, formatRate, formatSeconds, formatShort } from "./format.ts";
import type { Output } from "./output.ts";
import { relativePath } from "./paths.ts";
import { renderFacts, renderTable } from "./table.ts";

const barWidth = 20;

/** Shows a run's events on a terminal: what happens now as progress, what matters as lines. */
export class RunView {
  readonly #output: Output;
  readonly #log: FoldedLog;
  #started = Date.now();
  #job = "";

  constructor(output: Output) {
    this.#output = output;
    this.#log = new FoldedLog((text) => output.note(text));
  }

  show(event: RunEvent): void {
    const output = this.#output;
    if (event.kind !== "log" && event.kind !== "stage.progress") this.#log.end();
    switch (event.kind) {
      case "run.queued":
        this.#job = event.job;
        output.progress(`${event.job}: planning`);
        return;
      case "run.phase":
        output.progress(`${this.#job}: ${event.text}`);
        return;
      case "run.started": {
        this.#started = Date.parse(event.time);
        const resumed = event.resumedParts > 0 ? `, ${event.resumedParts} of them done by an earlier run` : "";
        const parts = event.parts === 0 ? "" : `${formatNumber(event.parts, "part")}${resumed}, `;
        const workers = formatNumber(event.workers, "worker");
        output.note(`Run ${event.run}: ${parts}${workers}, ${event.artifact}`);
        return;
      }
      case "stage.progress":
        output.progress(this.#progressLine(event));
        return;
      case "worker.exited":
        if (event.signal && !event.killed) output.warn(`${workerName(event.worker)} died (${event.signal})`);
        return;
      case "log":
        this.#log.add(event.worker, plain(event.text));
        return;
      case "diagnostic":
        // an error is the run's outcome, which is shown at the end
        if (event.diagnostic.severity !== "error") output.warnOf(event.diagnostic);
        return;
      case "part.started":
      case "part.finished":
      case "worker.started":
      case "metric":
      case "result":
      case "run.finished":
        return;
    }
  }

  /** A finding of a run that is over. */
  showDiagnostic(diagnostic: Diagnostic): void {
    this.#output.print(plainDiagnostic(diagnostic));
    if (diagnostic.details) this.#output.print(plainLines(diagnostic.details).replaceAll(/^/gm, "  "));
  }

  showSummary(summary: RunSummary): void {
    const { columns, preview } = summary;
    if (summary.outcome === "succeeded") {
      const head = columns.map(({ name }) => name);
      const rows = preview.map((row) => row.map((cell, column) => shownValue(cell, columns[column]?.type ?? "")));
      this.#output.print(`\n${renderTable(this.#output, head, rows)}\n`);
      if (summary.outputRows > preview.length) {
        this.#output.print(`  … ${formatCount(summary.outputRows - preview.length)} more rows\n`);
      }
    }
    this.#output.print(renderFacts(this.#output, summaryFacts(summary)));
  }

  #progressLine(event: Extract<RunEvent, { kind: "stage.progress" }>): string {
    const { stage, rows, totalRows, parts, totalParts, badRows } = event;
    const share = shareOf(event);
    const filled = Math.round(share * barWidth);
    const bar = "▓".repeat(filled) + "░".repeat(barWidth - filled);
    const elapsed = Math.max(0.001, (Date.now() - this.#started) / 1000);
    const total = totalRows === null ? "" : ` / ${formatShort(totalRows)}`;
    const hasRows = totalRows !== null || rows > 0;
    const counts = [
      ...(hasRows ? [`${formatShort(rows)}${total} rows`] : []),
      `${parts} / ${totalParts} parts`,
      ...(badRows ? [formatNumber(badRows, "bad row")] : []),
    ].join(", ");
    return `${stage} ${bar} ${Math.floor(share * 100)} %  ${counts}${hasRows ? `  ${formatRate(rows / elapsed)}` : ""}`;
  }
}

/** The lines below a result table: the same for a run that ends now and one that is shown again. */
export function summaryFacts(summary: RunSummary): [string, string][] {
  const facts: [string, string][] = [["run", `${summary.id} ${summary.outcome}`]];
  // a run that failed before, and a script that reads no file, has none
  if (summary.rows > 0 || summary.outputPath) facts.push(["rows", formatCount(summary.rows)]);
  const rate = summary.rowsPerSecond < 1 ? "" : `, ${formatRate(summary.rowsPerSecond)}`;
  facts.push(["time", `${formatSeconds(summary.seconds)}${rate}`]);
  if (summary.peakWorkerBytes !== null)
    facts.push(["memory", `${formatBytes(summary.peakWorkerBytes)} peak in a worker`]);
  if (summary.outputPath) facts.push(["output", relativePath(summary.outputPath)]);
  if (summary.badRows) {
    const { path, rows } = summary.badRows;
    facts.push(["bad rows", `${formatCount(rows)} in ${relativePath(path)}`]);
  }
  facts.push(["logs", relativePath(summary.logPath)]);
  return facts;
}

/** Fractions are shown with six digits; the file has them all. */
function shownValue(cell: string | null, type: string): string | null {
  if (cell === null || !/^(?:DOUBLE|FLOAT)$/.test(type) || !Number.isFinite(Number(cell))) return cell;
  return String(Number(Number(cell).toPrecision(6)));
}
