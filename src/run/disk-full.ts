import { UdfError } from "../core/error.ts";

/** True for what the file system throws when there is no room, or no room within the quota. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}

export function diskFull(where: string, cause: unknown): UdfError {
  return new UdfError("DISK_FULL", {
    what: "there is no space left on the disk",
    where,
    next: "Make room, then submit again: finished parts are kept.",
    cause,
  });
}
