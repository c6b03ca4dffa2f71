import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DataFormat } from "../../core/job.ts";
import type { EventLog } from "../event-log.ts";
import type { RunFolder } from "../run-folder.ts";
import type { InputFile } from "./messages.ts";
import type { WorkerSlot } from "./worker-slot.ts";

export type StageOptions = {
  slots: readonly WorkerSlot[];
  files: readonly InputFile[];
  format: DataFormat;
  folder: RunFolder;
  log: EventLog;
};

/** Copies CSV and NDJSON to Parquet, a file at a time for each worker; Parquet is taken as it lies. */
export async function stageInput({ slots, files, format, folder, log }: StageOptions): Promise<InputFile[]> {
  if (format === "parquet") return [...files];
  mkdirSync(folder.staged, { recursive: true });
  const staged: InputFile[] = [];
  const queue = [...files.entries()];
  let rows = 0;
  const work = async (slot: WorkerSlot): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, file] = next;
      const output = path.join(folder.staged, `${index}.parquet`);
      const request = { kind: "stage" as const, file: file.path, shown: file.shown, format, output };
      const reply = await slot.request<"stage">(request);
      staged[index] = { path: output, shown: file.shown, rows: reply.rows };
      rows += reply.rows;
      const parts = files.length - queue.length;
      log.emit({ kind: "stage.progress", stage: "stage", rows, totalRows: null, parts, totalParts: files.length });
    }
  };
  await Promise.all(slots.slice(0, files.length).map(work));
  return staged;
}
