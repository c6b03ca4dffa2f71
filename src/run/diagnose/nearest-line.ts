import { authorFrames } from "./author-frames.ts";
import { type SourceFrame, sourceFrames } from "./source-frames.ts";

/** How far to look, in bytes of machine code: some twenty instructions, mostly backwards. */
const before = 96;
const after = 32;

/** The SDK's loop over the rows, which the author's function has become a part of. */
const ofLoop = /\budf::detail::KernelOf</;

/**
 * The author's line nearest to an address that has none: what the compiler has merged out of the author's function and
 * the loop around it belongs to no line. Only lines of the same compiled function count. Throws as `sourceFrames`.
 */
export async function nearestLine(options: {
  debugFile: string;
  addresses: readonly number[];
  frames: readonly (readonly SourceFrame[])[];
  root: string;
}): Promise<SourceFrame | undefined> {
  const { debugFile, addresses, frames, root } = options;
  const index = frames.findIndex((inlined) => ofLoop.test(inlined.at(-1)?.function ?? ""));
  const [address, loop] = [addresses[index], frames[index]?.at(-1)?.function];
  if (address === undefined || loop === undefined) return undefined;
  const distances = Array.from({ length: before + after }, (_, step) =>
    step < before ? -1 - step : step - before + 1,
  );
  const around = await sourceFrames(
    debugFile,
    distances.map((distance) => Math.max(0, address + distance)),
  );
  const places = around.map((inlined) =>
    inlined.at(-1)?.function === loop ? authorFrames([inlined], root)[0] : undefined,
  );
  return distances
    .map((distance, at) => ({ place: places[at], far: Math.abs(distance) }))
    .filter(({ place }) => place !== undefined)
    .sort((left, right) => left.far - right.far)[0]?.place;
}
