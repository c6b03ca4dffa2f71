/** The sanitizers of g++ and clang++ that a module can be built with, as their option -fsanitize takes them. */
export const sanitizerSets = ["address", "undefined", "address,undefined"] as const;
export type Sanitizers = (typeof sanitizerSets)[number];

/** In any order, as it is typed; undefined for what is none of these. */
export function parseSanitizers(text: string): Sanitizers | undefined {
  const names = text.split(",").sort().join(",");
  return sanitizerSets.find((set) => set === names);
}
