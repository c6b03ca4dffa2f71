import path from "node:path";
import type { Location } from "../../core/diagnostic.ts";

/** Tells the author's own files from those of the SDK, the compiler and other libraries. */
export class SourcePlaces {
  readonly #root: string;

  constructor(moduleRoot: string) {
    this.#root = moduleRoot;
  }

  /** Relative to the module's folder where the file lies in it; absolute otherwise. */
  shown(file: string): string {
    // the linker puts the folder of the compilation before names that -ffile-prefix-map has made relative to the module
    const mapped = file.split("/./").at(-1) ?? file;
    const absolute = path.resolve(this.#root, mapped);
    const relative = path.relative(this.#root, absolute);
    return relative.startsWith("..") || path.isAbsolute(relative) ? absolute : relative;
  }

  /** The author's own: in the module's folder, but not the SDK, a package or a build folder. */
  isAuthors(file: string): boolean {
    const shown = this.shown(file);
    const first = shown.split(path.sep)[0] ?? "";
    return !path.isAbsolute(shown) && !["udf", "node_modules", "build", ".native-udf"].includes(first);
  }

  location(place: { file: string; line: number; column?: number | undefined }): Location {
    const { file, line, column } = place;
    return column === undefined ? { file: this.shown(file), line } : { file: this.shown(file), line, column };
  }
}
