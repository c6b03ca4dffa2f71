import type { RawFrame } from "./failure.ts";

/** The folder that the author's files lie in, and which there are, as paths below it with `/`. */
export type SourceRoot = { folder: string; files: ReadonlySet<string> };

const library =
  /(?:^|\/)(?:site|dist)-packages\/|pyspark\.zip\/|py4j-[\d.]+-src\.zip\/|\/python\/(?:lib\/)?pyspark\/|\/lib(?:64|32)?\/python\d|\/lib\/jvm\/|^<(?:frozen |string>|__array_function__|decorator-gen|attrs |unknown>)|^[A-Z]:\/.*\/Lib\/|\/pypy3?[\d.]*\/|\/pyspark\/(?:sql|cloudpickle|serializers|worker|daemon|errors|core|pandas|ml)\b|\/runpy\.py$|\/importlib\/__init__\.py$|\/python3?\.?\d*\.zip\/|\.stub\.py$|\/dist\/spark-driver\/|\/src\/run\/spark\/driver\//;

/** Libraries that were compiled with Cython name their sources without the folder that they lie in. */
const compiled = /^[\w./-]+\.(?:pyx|pxi|pxd)$/;

/** What is typed into a notebook is the author's, but is no file. */
const cell = /^(?:Cell|Input) In ?\[\d+\]$|^<(?:ipython-input|command)-|\/ipykernel_\d+\//;

/** What comes after these was put there by Spark: the author's own path. */
const shipped =
  /^.*\/(?:userFiles-[\w-]+|work\/app-[\w-]+\/\d+|container_[\w-]+|artifacts\/[\w-]+(?:\/pyfiles)?|spark-[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[^/]+\.(?:zip|egg|whl|pyz|tar\.gz|tgz))\//;

export const isLibrary = (file: string) => library.test(forwardSlashes(file));

/** What is a library's by its name alone, whatever lies below the root. */
export const isForeign = (file: string) => isLibrary(file) || compiled.test(file);

/** Finds the author's files by the paths that logs have of them, on whatever machine these were. */
export class AuthorFiles {
  readonly #root: SourceRoot;
  readonly #byName = new Map<string, string[]>();

  constructor(root: SourceRoot) {
    this.#root = root;
    for (const file of root.files) {
      const name = file.slice(file.lastIndexOf("/") + 1);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), file]);
    }
  }

  /** Whether the author's own code may be in the JVM: it is not where all the sources are Python's. */
  get mayBeOnJvm(): boolean {
    const { files } = this.#root;
    return files.size === 0 || [...files].some((file) => /\.(?:java|scala|kt|groovy)$/.test(file));
  }

  /** The author's among the frames; where one lies below the root, those that do not are somebody else's. */
  of(frames: readonly RawFrame[], jobFolder: string | undefined): RawFrame[] {
    const found = frames.map((frame) => ({ frame, below: this.#below(frame.file) }));
    if (found.some(({ below }) => below !== undefined)) {
      return found.flatMap(({ frame, below }) => {
        if (below === undefined) return cell.test(frame.file) ? [frame] : [];
        return [{ ...frame, file: below }];
      });
    }
    return frames
      .filter(({ file }) => !isForeign(file))
      .map((frame) => ({ ...frame, file: shortened(forwardSlashes(frame.file), jobFolder) }));
  }

  /** The path below the root; undefined where the file is not there. */
  #below(raw: string): string | undefined {
    const file = forwardSlashes(raw);
    const { folder, files } = this.#root;
    const inRoot = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
    if (isLibrary(file)) {
      // a package of the author's that is installed on the nodes
      const installed = /(?:site|dist)-packages\/(.+\/.+)$/.exec(file)?.[1];
      return installed && !/^(?:pyspark|py4j)\//.test(installed) ? this.#endingWith(installed.split("/")) : undefined;
    }
    if (inRoot !== undefined) return inRoot;
    const parts = file
      .replace(shipped, "")
      .replace(/^(?:\.?\/)+/, "")
      .split("/");
    for (let from = 0; from < parts.length; from += 1) {
      const suffix = parts.slice(from).join("/");
      if (files.has(suffix)) return suffix;
      const ending = this.#endingWith(parts.slice(from));
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  /** The file below the root that ends so; the least deep of several. */
  #endingWith(parts: readonly string[]): string | undefined {
    const suffix = parts.join("/");
    const candidates = this.#byName.get(parts.at(-1) ?? "") ?? [];
    return candidates
      .filter((file) => file === suffix || file.endsWith(`/${suffix}`))
      .toSorted((one, other) => one.split("/").length - other.split("/").length)[0];
  }
}

/** The folder of the script that a driver's traceback begins in: what is named below it is the author's. */
export function jobFolderOf(frames: readonly RawFrame[]): string | undefined {
  const script = frames.find(({ file }) => !isLibrary(file) && !file.startsWith("<"))?.file;
  const slash = script === undefined ? -1 : forwardSlashes(script).lastIndexOf("/");
  return script === undefined || slash < 0 ? undefined : forwardSlashes(script).slice(0, slash);
}

function shortened(file: string, jobFolder: string | undefined): string {
  if (jobFolder !== undefined && file.startsWith(`${jobFolder}/`)) return file.slice(jobFolder.length + 1);
  return file.replace(shipped, "");
}

function forwardSlashes(file: string): string {
  return /^[A-Za-z]:\\|\\\w+\.py$/.test(file) ? file.replaceAll("\\", "/") : file;
}
