import type { Failure } from "./failure.ts";

/** What fits all that is named here is advised so; `advice` is handed the first group of `message`. */
export type AdviceRule = {
  type?: RegExp;
  message?: RegExp;
  side?: Failure["side"];
  advice: (found: string) => string;
};
