import { existsSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { messageOf } from "../../core/error.ts";
import type { Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { Trace } from "../traced-error.ts";
import { authorFrames } from "./author-frames.ts";
import { nearestLine } from "./nearest-line.ts";
import { type SourceFrame, sourceFrames } from "./source-frames.ts";

type Options = {
  trace: Trace;
  module: Module;
  artifacts: readonly { manifest: Manifest; path: string }[];
};

/**
 * The diagnostic at the author's line that failed, with the calls that led there. Where the line cannot be found, as
 * without the artifact's debug info, the details say why.
 */
export async function placeDiagnostic(diagnostic: Diagnostic, options: Options): Promise<Diagnostic> {
  const { trace, module, artifacts } = options;
  const artifact = artifacts.find(({ manifest }) => manifest.module === trace.module);
  if (!artifact) return diagnostic;
  const debugFile = path.join(path.dirname(artifact.path), artifact.manifest.debugFile);
  if (!existsSync(debugFile)) {
    return unplaced(diagnostic, `the artifact's debug info is gone: ${path.relative(module.root, debugFile)}`);
  }
  try {
    const { root } = module;
    const frames = await sourceFrames(debugFile, trace.frames);
    const [first, ...others] = authorFrames(frames, root);
    const near = first ? undefined : await nearestLine({ debugFile, addresses: trace.frames, frames, root });
    const place = first ?? near;
    if (!place) return diagnostic;
    const related = others.map((frame) => ({ message: calledFrom(frame), location: placeOf(frame) }));
    const placed = { ...diagnostic, location: placeOf(place), related: [...related, ...diagnostic.related] };
    return near
      ? withNote(placed, "The compiler has left no line for this instruction; this is the nearest one.")
      : placed;
  } catch (error) {
    return unplaced(diagnostic, messageOf(error));
  }
}

function placeOf({ file, line }: SourceFrame): { file: string; line: number } {
  return { file, line };
}

function calledFrom({ function: name }: SourceFrame): string {
  // the author's function can be a part of the SDK's loop over the rows
  return name === "" || name.includes("udf::detail::") ? "called from here" : `called from here, in ${name}`;
}

function unplaced(diagnostic: Diagnostic, why: string): Diagnostic {
  return withNote(diagnostic, `The line in C++ is not known: ${why}`);
}

function withNote(diagnostic: Diagnostic, note: string): Diagnostic {
  return { ...diagnostic, details: diagnostic.details ? `${diagnostic.details}\n${note}` : note };
}
