import { UdfError } from "../../core/error.ts";
import { errorAt, traceOf } from "../traced-error.ts";
import type { RequestOf } from "./messages.ts";
import { afterReduce, placeInReduce } from "./reduce-place.ts";
import { withinLimit } from "./time-limit.ts";
import type { WorkerSlot } from "./worker-slot.ts";

type Options = {
  slot: WorkerSlot;
  request: RequestOf<"reduce">;
  retries: number;
  /** The limit of it; none where it calls no function of a module: DuckDB's own come to an end. */
  seconds: number | undefined;
};

/**
 * Puts the parts together, or computes `reduce` over them. Throws ROW_ERROR, WORKER_CRASHED and WORKER_TIMEOUT of its
 * functions, which have no row of the input: an aggregate is given the rows of a group.
 */
export async function reduceStage({ slot, request, retries, seconds }: Options): Promise<void> {
  const aggregates = new Set(request.aggregates);
  const placeOf = (index: number | undefined, name: string) => placeInReduce(name, index, aggregates);
  const limit = { slot, seconds, place: "reduce", placeOfRow: placeOf, inOrder: { has: () => true } };
  try {
    await slot.retry(retries, () => withinLimit(limit, () => slot.request<"reduce">(request)));
  } catch (error) {
    const crash = slot.crashPlace;
    const name = crash?.function;
    throw inReduce(error, crash && name !== undefined ? placeOf(slot.rowOf(crash), name) : "reduce");
  }
}

function inReduce(error: unknown, where: string): unknown {
  const isFunctions = error instanceof UdfError && (error.code === "ROW_ERROR" || error.code === "WORKER_CRASHED");
  if (!isFunctions || error.where !== undefined) return error;
  const { code, what, details } = error;
  return errorAt(traceOf(error), code, {
    ...{ what, where, cause: error },
    next: afterReduce,
    ...(details === undefined ? {} : { details }),
  });
}
