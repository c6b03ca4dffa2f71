/** What to do about a function that fails in `reduce`. */
export const afterReduce = "Correct the function, or leave out in map what it cannot take.";

/**
 * Where in `reduce` a function was: at which of the groups that it was given, of an aggregate, or else at which row. They
 * are counted from 1, in the order in which `reduce` computes them. `aggregates` are names in lower case.
 */
export function placeInReduce(
  name: string,
  index: number | undefined,
  aggregates: { has(name: string): boolean },
): string {
  if (index === undefined) return "reduce";
  return `reduce, ${aggregates.has(name.toLowerCase()) ? "group" : "row"} ${index + 1} of ${name}()`;
}
