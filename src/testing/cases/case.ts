import type { Json } from "../values/notation.ts";

export type CaseArguments = readonly Json[] | Readonly<Record<string, Json>>;

/** What a function is called with, and what it should give: a row, a batch or a group. */
export type Case = {
  function: string;
  /** Unique among the cases of the function in its file. */
  title: string;
  /** How values are written: a cell of CSV is a text or null, and the types say what the text means. */
  notation: "json" | "csv";
  arguments: CaseArguments;
  expected: Json | undefined;
  error: string | undefined;
  tolerance: number | undefined;
  /** Lines from 1. */
  line: number;
  lastLine: number;
  /** Where it lies in the file: a path in JSON, the number of the record in CSV. */
  place: (string | number)[];
};

export type CaseFile = { file: string; text: string; cases: Case[] };

/** What a case should say from now on: a result, or the error of its row. */
export type CaseUpdate = {
  file: string;
  each: Case;
  /** What is expected now, and what it gives. */
  message: string;
  expected: Json | undefined;
  error: string | undefined;
};

/** `Array.isArray` takes arrays that are read only for something else. */
export function isInOrder(given: CaseArguments): given is readonly Json[] {
  return Array.isArray(given);
}

/** The titles of a file's cases. */
export class Titles {
  readonly #taken = new Set<string>();

  /** The title, with a number where the function has it already. */
  unique(name: string, title: string): string {
    for (let count = 1; ; count++) {
      const unique = count === 1 ? title : `${title} #${count}`;
      if (this.#taken.has(`${name} ${unique}`)) continue;
      this.#taken.add(`${name} ${unique}`);
      return unique;
    }
  }
}
