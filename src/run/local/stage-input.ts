import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DataFormat } from "../../core/job.ts";
import type { EventLog } from "../event-log.ts";
import type { RunFolder } from "../run-folder.ts";
import type { Column, InputFile, RequestOf } from "./messages.ts";
import type { WorkerSlot } from "./worker-slot.ts";

export type StageOptions = {
  slots: readonly WorkerSlot[];
  files: readonly InputFile[];
  format: DataFormat;
  columns: readonly Column[];
  folder: RunFolder;
  log: EventLog;
  retries: number;
  /** No more than so many rows are needed, from the first files. */
  sampleRows: number | undefined;
};

/** Copies CSV and NDJSON to Parquet, a file at a time for each worker; Parquet is taken as it lies. */
export async function stageInput(options: StageOptions): Promise<InputFile[]> {
  const { slots, files, format, columns, folder, log, retries, sampleRows } = options;
  if (format === "parquet") return [...files];
  mkdirSync(folder.staged, { recursive: true });
  const staged: InputFile[] = [];
  const queue = [...files.entries()];
  let rows = 0;
  let done = 0;
  const report = () =>
    log.emit({ kind: "stage.progress", stage: "stage", rows, totalRows: null, parts: done, totalParts: files.length });
  // how many rows the next file must give is known when the one before it is done
  const used = slots.slice(0, sampleRows === undefined ? files.length : 1);
  // one file alone is read with as many threads as there are workers
  const threads = Math.max(1, Math.floor(slots.length / files.length));
  const work = async (slot: WorkerSlot): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, file] = next;
      const limit = sampleRows === undefined ? null : sampleRows - rows;
      if (limit === 0) return;
      const output = path.join(folder.staged, `${index}.parquet`);
      const request: RequestOf<"stage"> = {
        ...{ kind: "stage", file: file.path, shown: file.shown, format, columns: [...columns], output, threads, limit },
      };
      const reply = await slot.retry(retries, () => slot.request<"stage">(request));
      staged[index] = { path: output, shown: file.shown, ...reply };
      rows += reply.rows;
      done += 1;
      report();
    }
  };
  report();
  await Promise.all(used.map(work));
  return staged;
}
