import { UdfError } from "../../core/error.ts";
import { errorAt, traceOf } from "../traced-error.ts";
import type { RequestOf } from "./messages.ts";
import { withinLimit } from "./time-limit.ts";
import type { WorkerSlot } from "./worker-slot.ts";

type Options = {
  slot: WorkerSlot;
  request: RequestOf<"reduce">;
  retries: number;
  /** The limit of it; none where it calls no function of a module: DuckDB's own come to an end. */
  seconds: number | undefined;
};

const place = "reduce";

/**
 * Puts the parts together, or computes `reduce` over them. Throws ROW_ERROR, WORKER_CRASHED and WORKER_TIMEOUT of its
 * functions, which have no row of the input: an aggregate is given the rows of a group.
 */
export async function reduceStage({ slot, request, retries, seconds }: Options): Promise<void> {
  const limit = { slot, seconds, place, placeOfRow: () => place, inOrder: new Set<string>() };
  try {
    await slot.retry(retries, () => withinLimit(limit, () => slot.request<"reduce">(request)));
  } catch (error) {
    throw inReduce(error);
  }
}

function inReduce(error: unknown): unknown {
  const isFunctions = error instanceof UdfError && (error.code === "ROW_ERROR" || error.code === "WORKER_CRASHED");
  if (!isFunctions || error.where !== undefined) return error;
  const { code, what, details } = error;
  return errorAt(traceOf(error), code, {
    ...{ what, where: place, cause: error },
    next: "Correct the function, or leave out in map what it cannot take.",
    ...(details === undefined ? {} : { details }),
  });
}
