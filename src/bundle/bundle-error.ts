/** A file of a bundle cannot be read or does not parse. `place`: the author's line, in a file that is an absolute path. */
export class BundleError extends Error {
  readonly place: { file: string; line: number; column: number } | undefined;

  constructor(message: string, { place, cause }: { place?: BundleError["place"]; cause?: unknown }) {
    super(message, { cause });
    this.name = "BundleError";
    this.place = place;
  }
}
