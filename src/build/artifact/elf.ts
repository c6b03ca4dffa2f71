import { UdfError } from "../../core/error.ts";

/**
 * What an ELF shared object says of itself. Formats: System V ABI, "ELF-64 Object File Format" (1998), and the Linux
 * Standard Base, chapter "Symbol Versioning". Own code, since the packages for it do not decode version needs.
 */
export type ElfReport = {
  arch: string;
  /** Libraries that must be there at load time (DT_NEEDED). */
  needed: string[];
  /** Search paths inside the object (DT_RPATH, DT_RUNPATH). */
  runPaths: string[];
  /** Version needs of each library: version to the symbols that ask for it. */
  versions: { library: string; version: string; symbols: string[] }[];
  /** Defined dynamic symbols that others can see. */
  exports: string[];
  /** Undefined dynamic symbols without a version; `weak` ones may stay unresolved. */
  unversioned: { name: string; weak: boolean }[];
  /** Hex text of the GNU build id; null where there is none. */
  buildId: string | null;
};

const machines: Record<number, string> = { 62: "x64", 183: "arm64", 243: "riscv64", 40: "arm", 3: "ia32" };
const section = { dynsym: 11, dynamic: 6, note: 7, versionSymbols: 0x6fffffff, versionNeeds: 0x6ffffffe };
const sharedObject = 3;
const buildIdNote = 3;
const bindings = { local: 0, weak: 2 };
const visibilities = { normal: 0, protected: 3 };
/** Bytes of one entry, of a library as of a version. */
const versionEntrySize = 16;
const tag = { needed: 1, rpath: 15, runpath: 29 };

type VersionNeed = ElfReport["versions"][number];
type Section = { type: number; offset: number; size: number; link: number; info: number };

/** Reads a 64-bit little-endian shared object. Throws ARTIFACT_MISMATCH for anything else. */
export function readElf(bytes: Buffer, file: string): ElfReport {
  try {
    return new ElfReader(bytes).report();
  } catch (cause) {
    throw new UdfError("ARTIFACT_MISMATCH", {
      what: `it is not a 64-bit little-endian ELF shared object (${cause instanceof Error ? cause.message : String(cause)})`,
      where: file,
      next: 'Build the module again with "native-udf build".',
      cause,
    });
  }
}

class ElfReader {
  readonly #bytes: Buffer;
  readonly #sections: Section[];

  constructor(bytes: Buffer) {
    if (bytes.readUInt32BE(0) !== 0x7f454c46) throw new Error("the magic number is missing");
    if (bytes[4] !== 2 || bytes[5] !== 1) throw new Error("another class or byte order");
    if (bytes.readUInt16LE(16) !== sharedObject) throw new Error("an object of another type");
    this.#bytes = bytes;
    const table = Number(bytes.readBigUInt64LE(40));
    const entrySize = bytes.readUInt16LE(58);
    this.#sections = Array.from({ length: bytes.readUInt16LE(60) }, (_, index) => {
      const at = table + index * entrySize;
      return {
        type: bytes.readUInt32LE(at + 4),
        offset: Number(bytes.readBigUInt64LE(at + 24)),
        size: Number(bytes.readBigUInt64LE(at + 32)),
        link: bytes.readUInt32LE(at + 40),
        info: bytes.readUInt32LE(at + 44),
      };
    });
  }

  report(): ElfReport {
    const machine = this.#bytes.readUInt16LE(18);
    const dynamic = this.#find(section.dynamic);
    if (!dynamic) throw new Error("no dynamic section");
    const needs = this.#versionNeeds();
    const symbols = this.#symbols(needs);
    return {
      arch: machines[machine] ?? `machine ${machine}`,
      needed: this.#dynamicTexts(dynamic, tag.needed),
      runPaths: [...this.#dynamicTexts(dynamic, tag.rpath), ...this.#dynamicTexts(dynamic, tag.runpath)],
      versions: [...needs.values()],
      ...symbols,
      buildId: this.#buildId(),
    };
  }

  #find(type: number): Section | undefined {
    return this.#sections.find((candidate) => candidate.type === type);
  }

  #text(strings: Section | undefined, offset: number): string {
    if (!strings) throw new Error("a string table is missing");
    const start = strings.offset + offset;
    const end = this.#bytes.indexOf(0, start);
    if (end < 0 || end >= strings.offset + strings.size) throw new Error("a name without an end");
    return this.#bytes.toString("utf8", start, end);
  }

  #dynamicTexts(dynamic: Section, wanted: number): string[] {
    const texts: string[] = [];
    for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
      if (Number(this.#bytes.readBigUInt64LE(at)) !== wanted) continue;
      texts.push(this.#text(this.#sections[dynamic.link], Number(this.#bytes.readBigUInt64LE(at + 8))));
    }
    return texts;
  }

  /** By the index that the table of symbol versions uses. The lists are chains of offsets, which end with a 0. */
  #versionNeeds(): Map<number, VersionNeed> {
    const needs = new Map<number, VersionNeed>();
    const table = this.#find(section.versionNeeds);
    if (!table) return needs;
    const strings = this.#sections[table.link];
    for (const at of this.#chain(table, table.offset, 12)) {
      const library = this.#text(strings, this.#bytes.readUInt32LE(at + 4));
      for (const entry of this.#chain(table, at + this.#bytes.readUInt32LE(at + 8), 12)) {
        const version = this.#text(strings, this.#bytes.readUInt32LE(entry + 8));
        needs.set(this.#bytes.readUInt16LE(entry + 6), { library, version, symbols: [] });
      }
    }
    return needs;
  }

  /** Where the entries of a chain begin; `next` is where an entry keeps the distance to the one after it. */
  *#chain(table: Section, first: number, next: number): Generator<number> {
    let at = first;
    for (let left = table.size / versionEntrySize; left > 0; left--) {
      yield at;
      const distance = this.#bytes.readUInt32LE(at + next);
      if (distance === 0) return;
      at += distance;
    }
    throw new Error("a list of versions without an end");
  }

  #symbols(needs: Map<number, VersionNeed>): Pick<ElfReport, "exports" | "unversioned"> {
    const table = this.#find(section.dynsym);
    const exports: string[] = [];
    const unversioned: ElfReport["unversioned"] = [];
    if (!table) return { exports, unversioned };
    const versions = this.#find(section.versionSymbols);
    for (let index = 1; index < table.size / 24; index++) {
      const at = table.offset + index * 24;
      const name = this.#text(this.#sections[table.link], this.#bytes.readUInt32LE(at));
      const binding = this.#bytes.readUInt8(at + 4) >> 4;
      const visibility = this.#bytes.readUInt8(at + 5) & 3;
      const defined = this.#bytes.readUInt16LE(at + 6) !== 0;
      const need = versions ? needs.get(this.#bytes.readUInt16LE(versions.offset + index * 2) & 0x7fff) : undefined;
      if (binding === bindings.local) continue;
      if (need) need.symbols.push(name);
      else if (!defined) unversioned.push({ name, weak: binding === bindings.weak });
      else if (visibility === visibilities.normal || visibility === visibilities.protected) exports.push(name);
    }
    return { exports: exports.sort(), unversioned };
  }

  #buildId(): string | null {
    for (const notes of this.#sections.filter((candidate) => candidate.type === section.note)) {
      let at = notes.offset;
      while (at + 12 <= notes.offset + notes.size) {
        const start = at + 12 + roundUp(this.#bytes.readUInt32LE(at));
        const size = this.#bytes.readUInt32LE(at + 4);
        const owner = this.#bytes.toString("latin1", at + 12, at + 16);
        const isBuildId = this.#bytes.readUInt32LE(at + 8) === buildIdNote && owner === "GNU\0";
        if (isBuildId && start + size <= this.#bytes.length) return this.#bytes.toString("hex", start, start + size);
        at = start + roundUp(size);
      }
    }
    return null;
  }
}

/** Parts of a note begin at multiples of 4 bytes. */
function roundUp(size: number): number {
  return Math.ceil(size / 4) * 4;
}
