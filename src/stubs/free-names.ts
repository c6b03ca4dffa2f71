/** A name of its own for each of `wanted`, in their order, none of them in `taken`: `open` may become `open_`. */
export function freeNames(wanted: readonly string[], taken: ReadonlySet<string>): string[] {
  const kept = new Set([...taken, ...wanted]);
  const given = new Set<string>();
  return wanted.map((name) => {
    let free = name;
    while (given.has(free) || (free === name ? taken : kept).has(free)) free += "_";
    given.add(free);
    return free;
  });
}
