import { statfsSync } from "node:fs";
import { UdfError } from "../core/error.ts";

/** What the C library says of ENOSPC and EDQUOT; the tools run with LC_ALL=C. */
const saysFull = /No space left on device|Disk quota exceeded/;

/**
 * For a tool that has failed: throws DISK_FULL where that is the reason, which cmake does not say.
 * `output` is what the tool wrote, `folder` where it works.
 */
export function refuseFullDisk(output: string, folder: string): void {
  if (!saysFull.test(output) && statfsSync(folder).bavail > 0) return;
  throw new UdfError("DISK_FULL", {
    what: "the disk is full",
    where: folder,
    next: "Make room there and in the folder for temporary files, then build again.",
    details: output.trim(),
  });
}
