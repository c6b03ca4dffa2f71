import { closest, distance } from "fastest-levenshtein";

/** The candidate that the user most likely meant; undefined where none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = closest(name.toLowerCase(), [...candidates]);
  // a name that shares no letter with what is meant is no misspelling
  const limit = Math.min(name.length - 1, Math.max(2, Math.floor(name.length / 3)));
  return distance(name.toLowerCase(), found.toLowerCase()) <= limit ? found : undefined;
}

/** `Did you mean "x"?`, or the list of what there is. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const match = nearest(name, candidates);
  if (match) return `Did you mean "${match}"?`;
  return candidates.length === 0 ? "There is none." : `There is: ${candidates.join(", ")}.`;
}
