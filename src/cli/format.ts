import { thousands } from "../core/thousands.ts";

/** `1,204,331`. */
export function formatCount(count: number): string {
  return thousands(Math.round(count));
}

/** `1 worker`, `22 workers`. */
export function formatNumber(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2.1M rows/s`, `812 rows/s`. */
export function formatRate(rowsPerSecond: number): string {
  return `${formatShort(rowsPerSecond)} rows/s`;
}

/** `3.0M`, `12.5k`, `812`. */
export function formatShort(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)}M`;
  if (count >= 1e4) return `${(count / 1e3).toFixed(1)}k`;
  return formatCount(count);
}

/** `412 kB`, `161 MB` (powers of 1000). */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(0)} MB`;
  if (bytes >= 1e3) return `${(bytes / 1e3).toFixed(0)} kB`;
  return `${bytes} B`;
}

/** `1.42 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
