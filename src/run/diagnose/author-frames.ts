import { existsSync } from "node:fs";
import path from "node:path";
import type { SourceFrame } from "./source-frames.ts";

/** What the build puts before the paths of a module's sources: `-ffile-prefix-map` in udf/cmake/flags.cmake. */
const ofModule = /^(?:.*\/)?\.\/(?<file>.+)$/;
/** Folders of a module that hold the SDK, and what is installed. */
const notTheAuthors = /^(?:udf|node_modules)\//;
/** Where compilers and systems keep their headers. */
const ofSystem = /^\/usr\/|\/include\/c\+\+\/|\/lib\/gcc\/|\/node_modules\//;

/**
 * The frames in the author's files, with paths relative to the module's folder where they lie in it. Each place is there
 * once, however often a recursion passed it.
 */
export function authorFrames(frames: readonly (readonly SourceFrame[])[], root: string): SourceFrame[] {
  const seen = new Set<string>();
  return frames.flatMap(withoutHalves).flatMap((frame) => {
    const file = authorFile(frame, root);
    const key = `${file}:${frame.line}`;
    if (file === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ ...frame, file }];
  });
}

/** The compiler may put one half of a function into the other: that is no call. */
function withoutHalves(frames: readonly SourceFrame[]): SourceFrame[] {
  return frames.filter((frame, index) => frame.function === "" || frame.function !== frames[index - 1]?.function);
}

function authorFile({ file: told, line }: SourceFrame, root: string): string | undefined {
  if (told === "" || line === 0) return undefined;
  const inside = ofModule.exec(told)?.groups?.file;
  const relative = path.relative(root, path.resolve(root, inside ?? told));
  if (relative.startsWith("..")) {
    // a library of the author's, beside the module
    return path.isAbsolute(told) && !ofSystem.test(told) && existsSync(told) ? told : undefined;
  }
  return notTheAuthors.test(relative) || !existsSync(path.join(root, relative)) ? undefined : relative;
}
