import type { RunDetail } from "../protocol.ts";

export function count(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)}k`;
  return Math.round(value).toLocaleString("en");
}

export function seconds(value: number): string {
  if (value < 60) return `${value.toFixed(1)} s`;
  return `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;
}

/** Rows, parts and time of a run, as far as each is known. */
export function figures({
  rows,
  totalRows,
  partsDone,
  totalParts,
  seconds: time,
}: Pick<RunDetail, "rows" | "totalRows" | "partsDone" | "totalParts" | "seconds">): string {
  const rate = time > 0 ? rows / time : 0;
  const total = totalRows === null ? "" : ` / ${count(totalRows)}`;
  return [
    // who reads no file, as a PySpark script may, has no rows
    ...(rows > 0 || totalRows !== null
      ? [`${count(rows)}${total} rows`, ...(rate < 1 ? [] : [`${count(rate)} rows/s`])]
      : []),
    ...(totalRows === null && totalParts > 0 ? [`${partsDone} / ${totalParts} parts`] : []),
    seconds(time),
  ].join(" · ");
}

export function bytes(value: number): string {
  return value >= 1e9 ? `${(value / 1e9).toFixed(1)} GB` : `${(value / 1e6).toFixed(0)} MB`;
}

export const stateSigns = { running: "●", succeeded: "✔", failed: "✖", cancelled: "⊘", lost: "?" } as const;
