import type { FunctionDescription } from "../../core/manifest.ts";
import { randomNumbers, seedOf } from "../random.ts";
import type { Value } from "../values/value.ts";
import { samplesOf, withNull } from "./samples.ts";

const mostRows = 100;

/**
 * Rows for a function: every combination of its arguments' samples and null where these are few; otherwise each sample at
 * least once, and random combinations. The same rows for the same signature.
 */
export function generateRows({ name, arguments: parameters }: FunctionDescription): Value[][] {
  const samples = parameters.map(({ type }) => withNull(samplesOf(type), true));
  const count = samples.reduce((product, { length }) => product * length, 1);
  if (count <= mostRows) return combinations(samples);
  const random = randomNumbers(seedOf(`${name} ${JSON.stringify(parameters)}`));
  const orders = samples.map((values) => shuffled(values, random));
  return Array.from({ length: mostRows }, (_, row) =>
    orders.map((values) => {
      // once each, then by chance
      const at = row < values.length ? row : Math.floor(random() * values.length);
      return values[at] ?? null;
    }),
  );
}

function combinations(samples: readonly (readonly Value[])[]): Value[][] {
  return samples.reduce<Value[][]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

function shuffled(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, order: random() }))
    .sort((left, right) => left.order - right.order)
    .map(({ value }) => value);
}
