import { messageOf, UdfError } from "../core/error.ts";

const fullDisk = new Set(["ENOSPC", "EDQUOT"]);
const refused = new Set(["EACCES", "EPERM", "EROFS"]);

/** What a failed file operation means to the user: DISK_FULL, OUTPUT_NOT_WRITABLE; anything else is given back as it is. */
export function fileFailure(cause: unknown, where: string): unknown {
  if (!(cause instanceof Error) || !("code" in cause) || typeof cause.code !== "string") return cause;
  const place = "path" in cause && typeof cause.path === "string" ? cause.path : where;
  if (fullDisk.has(cause.code)) {
    return new UdfError("DISK_FULL", {
      what: "the disk is full",
      where: place,
      next: "Make room, then build again.",
      cause,
    });
  }
  if (refused.has(cause.code)) {
    return new UdfError("OUTPUT_NOT_WRITABLE", {
      what: `it cannot be written (${messageOf(cause)})`,
      where: place,
      next: "Give yourself the right to write there.",
      cause,
    });
  }
  return cause;
}
