/** Whether the rows from `begin` to the one before `end` fail when they are computed without the others. */
export type Fails = (begin: number, end: number) => Promise<boolean>;

/**
 * Finds one of the rows because of which the rows from `begin` to the one before `end` fail, in about twice as many
 * tries as their number has binary digits: a row that fails alone, or else the last one that is needed for the others to fail, as where a row
 * breaks the heap and a later one meets it. Undefined where they do not fail any more.
 */
export async function findFailingRow(rows: { begin: number; end: number }, fails: Fails): Promise<number | undefined> {
  let { begin, end } = rows;
  while (end - begin > 1) {
    const middle = begin + Math.floor((end - begin) / 2);
    if (await fails(begin, middle)) end = middle;
    else if (await fails(middle, end)) begin = middle;
    else return firstOfTogether({ begin, end }, fails);
  }
  return end > begin && (await fails(begin, end)) ? begin : undefined;
}

/** For rows that fail only together with others. */
async function firstOfTogether({ begin, end }: { begin: number; end: number }, fails: Fails) {
  if (!(await fails(begin, end))) return undefined;
  const least = await border({ below: begin, above: end }, (middle) => fails(begin, middle));
  // the largest begin that still fails
  return -(await border({ below: -least, above: -begin }, (middle) => fails(-middle, least)));
}

/** The smallest number above `below` that holds; `above` is known to. */
async function border(limits: { below: number; above: number }, holds: (middle: number) => Promise<boolean>) {
  let { below, above } = limits;
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    if (await holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
