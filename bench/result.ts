/** One line of the table: what was measured, against what, and what limits it. */
export type Row = {
  what: string;
  ours: string;
  against: string;
  /** Ours divided by the other; smaller is better unless the goal says otherwise. */
  ratio: number | null;
  goal: string;
  met: boolean | null;
  limit: string;
};

export type Benchmark = { name: string; title: string; run: (context: Context) => Promise<Row[]> };

export type Context = {
  /** The project's folder. */
  project: string;
  /** The flight module, scaffolded and built, with its data. */
  module: string;
  /** An empty folder. */
  temporary: string;
  rounds: number;
};

export const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;

/** A ratio that should not be above `most`. */
export function atMost(ratio: number, most: number): Pick<Row, "ratio" | "goal" | "met"> {
  return { ratio, goal: `≤ ${most}`, met: ratio <= most };
}
