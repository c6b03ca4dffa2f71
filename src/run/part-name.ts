/** The file of one part of a result; names sort as the parts do. */
export function partName(part: number, ending: string): string {
  return `part-${String(part).padStart(6, "0")}.${ending}`;
}
