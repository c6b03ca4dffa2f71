import { arithmetic } from "./arithmetic.ts";
import type { Rules } from "./call.ts";
import { dateRules } from "./date-rules.ts";
import { nestedRules } from "./nested-rules.ts";
import { textRules } from "./text-rules.ts";

/** Every function and operator of one row that is known to mean the same in Spark 3.5 and 4.3, by DuckDB's name. */
export const scalarRules: Rules = { ...arithmetic, ...textRules, ...dateRules, ...nestedRules };
