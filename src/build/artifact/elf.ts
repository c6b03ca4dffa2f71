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
const tag = { needed: 1, rpath: 15, runpath: 29 };

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
    const needs = this.#versionNeeds();
    const symbols = this.#symbols(needs);
    return {
      arch: machines[machine] ?? `machine ${machine}`,
      needed: this.#dynamicTexts(tag.needed),
      runPaths: [...this.#dynamicTexts(tag.rpath), ...this.#dynamicTexts(tag.runpath)],
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
    return this.#bytes.toString("latin1", start, this.#bytes.indexOf(0, start));
  }

  #dynamicTexts(wanted: number): string[] {
    const dynamic = this.#find(section.dynamic);
    if (!dynamic) return [];
    const texts: string[] = [];
    for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
      if (Number(this.#bytes.readBigUInt64LE(at)) !== wanted) continue;
      texts.push(this.#text(this.#sections[dynamic.link], Number(this.#bytes.readBigUInt64LE(at + 8))));
    }
    return texts;
  }

  #versionNeeds(): Map<number, ElfReport["versions"][number]> {
    const needs = new Map<number, ElfReport["versions"][number]>();
    const table = this.#find(section.versionNeeds);
    if (!table) return needs;
    const strings = this.#sections[table.link];
    let at = table.offset;
    for (let library = 0; library < table.info; library++) {
      const name = this.#text(strings, this.#bytes.readUInt32LE(at + 4));
      let entry = at + this.#bytes.readUInt32LE(at + 8);
      for (let left = this.#bytes.readUInt16LE(at + 2); left > 0; left--) {
        const index = this.#bytes.readUInt16LE(entry + 6);
        needs.set(index, {
          library: name,
          version: this.#text(strings, this.#bytes.readUInt32LE(entry + 8)),
          symbols: [],
        });
        entry += this.#bytes.readUInt32LE(entry + 12);
      }
      at += this.#bytes.readUInt32LE(at + 12);
    }
    return needs;
  }

  #symbols(needs: Map<number, ElfReport["versions"][number]>): Pick<ElfReport, "exports" | "unversioned"> {
    const table = this.#find(section.dynsym);
    const exports: string[] = [];
    const unversioned: ElfReport["unversioned"] = [];
    if (!table) return { exports, unversioned };
    const versions = this.#find(section.versionSymbols);
    for (let index = 1; index < table.size / 24; index++) {
      const at = table.offset + index * 24;
      const name = this.#text(this.#sections[table.link], this.#bytes.readUInt32LE(at));
      const defined = this.#bytes.readUInt16LE(at + 6) !== 0;
      const need = versions ? needs.get(this.#bytes.readUInt16LE(versions.offset + index * 2) & 0x7fff) : undefined;
      if (need) need.symbols.push(name);
      else if (defined) exports.push(name);
      else unversioned.push({ name, weak: (this.#bytes[at + 4] ?? 0) >> 4 === 2 });
    }
    return { exports: exports.sort(), unversioned };
  }

  #buildId(): string | null {
    for (const note of this.#sections.filter((candidate) => candidate.type === section.note)) {
      const nameSize = this.#bytes.readUInt32LE(note.offset);
      const size = this.#bytes.readUInt32LE(note.offset + 4);
      if (this.#bytes.readUInt32LE(note.offset + 8) !== 3) continue;
      const start = note.offset + 12 + Math.ceil(nameSize / 4) * 4;
      return this.#bytes.toString("hex", start, start + size);
    }
    return null;
  }
}
