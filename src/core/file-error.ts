import { UdfError } from "./error.ts";

/** What the system says of a file that cannot be used, in the user's words, and what to do. Source: errno(3). */
const reasons: Readonly<Record<string, readonly [what: string, next: string]>> = {
  EACCES: ["there is no permission to use it", "Give yourself the right to it."],
  EPERM: ["there is no permission to use it", "Give yourself the right to it."],
  EROFS: ["it lies on a disk that is read-only", "Use another place."],
  ENOTDIR: ["it is a file, or lies in one, and a folder is needed", "Move the file away."],
  EEXIST: ["there is a file already where a folder is needed", "Move the file away."],
  EISDIR: ["it is a folder, and a file is needed", "Move the folder away."],
  ELOOP: ["it is a link that leads back to itself", "Correct the link."],
  ENAMETOOLONG: ["its name is too long for the system", "Use a shorter path."],
  EMFILE: ["too many files are open", 'Raise the limit ("ulimit -n"), or use fewer workers.'],
  ENFILE: ["too many files are open on this machine", "Close other programs."],
  EIO: ["the disk cannot be read or written", "Check the disk."],
};
const fullDisk = new Set(["ENOSPC", "EDQUOT"]);

/**
 * What a failed file operation means to the user: FILE_UNUSABLE or DISK_FULL, with the path. Anything else is given back
 * as it is; a file that is missing is told by the one who knows what it is for.
 */
export function explained(error: unknown): unknown {
  if (error instanceof UdfError || !(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  const place = "path" in error && typeof error.path === "string" ? { where: error.path } : {};
  if (fullDisk.has(code)) {
    return new UdfError("DISK_FULL", {
      ...{ what: "the disk is full", ...place, next: "Make room, then try again.", cause: error },
    });
  }
  const reason = reasons[code];
  if (!reason) return error;
  const [what, next] = reason;
  return new UdfError("FILE_UNUSABLE", { what, ...place, next, cause: error });
}
