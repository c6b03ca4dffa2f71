import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { authorFrames } from "./author-frames.ts";
import { nearestLine } from "./nearest-line.ts";
import { sourceFrames } from "./source-frames.ts";

type Told = { module: string; artifact?: string | undefined; frames: readonly number[] };
type Frame = { file: string; line: number; function: string | null };

/**
 * Finds the author's lines of what an artifact has told of itself somewhere, outermost first: by the debug info of modules
 * in a folder, or in the folders in it. Gives none where there is no debug info of just this artifact.
 */
export function nativePlaces(folder: string): (told: Told) => Promise<Frame[]> {
  const modules = [folder, ...foldersIn(folder)].filter((each) => existsSync(path.join(each, "artifacts")));
  return async (told) => {
    for (const module of modules) {
      const debugFile = debugFileOf(path.join(module, "artifacts"), told);
      if (debugFile === undefined) continue;
      try {
        return await framesIn(module, debugFile, told.frames).then((frames) =>
          frames.map((frame) => ({ ...frame, file: path.relative(folder, path.resolve(module, frame.file)) })),
        );
      } catch {
        return []; // without addr2line the failure is told without its line
      }
    }
    return [];
  };
}

async function framesIn(root: string, debugFile: string, addresses: readonly number[]): Promise<Frame[]> {
  const frames = await sourceFrames(debugFile, addresses);
  const own = authorFrames(frames, root);
  const near = own.length > 0 ? undefined : await nearestLine({ debugFile, addresses, frames, root });
  return (near ? [near] : own)
    .map(({ file, line, function: name }) => ({ file, line, function: called(name) }))
    .toReversed();
}

/** The author's function can be a part of the SDK's loop over the rows. */
function called(name: string): string | null {
  return name === "" || name.includes("udf::detail::") ? null : name.replace(/\(.*$/s, "");
}

/** Of the artifact by its name; without a name, of the only one that there is of the module. */
function debugFileOf(artifacts: string, { module, artifact }: Told): string | undefined {
  const stem = artifact && /^.+?-[0-9a-f]{12}/.exec(artifact)?.[0];
  const there = readdirSync(artifacts).filter((file) => file.endsWith(".debug") && file.startsWith(`${module}-`));
  const [found, ...more] = there.filter((file) => stem === undefined || file === `${stem}.debug`);
  return found === undefined || more.length > 0 ? undefined : path.join(artifacts, found);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !entry.name.startsWith(".") ? [path.join(folder, entry.name)] : [],
    );
  } catch {
    return []; // a folder that is not there has no modules
  }
}
