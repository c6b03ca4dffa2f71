import { UdfError } from "../../core/error.ts";
import type { FoundTest } from "../find-tests.ts";
import { casesIn } from "./case-file.ts";

/** The cases of a file below their functions; none where the file is not one yet. */
export function findCases(text: string, file: string): FoundTest[] {
  try {
    const cases = casesIn(text, file);
    const functions = [...new Set(cases.map((each) => each.function))];
    return functions.flatMap((name) => {
      const own = cases.filter((each) => each.function === name);
      const lines = { line: own[0]?.line ?? 1, lastLine: own.at(-1)?.lastLine ?? 1 };
      const found = own.map(({ title, line, lastLine }) => ({ path: [name, title], suite: false, line, lastLine }));
      return [{ path: [name], suite: true, ...lines }, ...found];
    });
  } catch (error) {
    if (error instanceof UdfError) return []; // running it says what is wrong
    throw error;
  }
}
