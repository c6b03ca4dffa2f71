/** Something of a statement that has no known equal in Spark SQL. */
export class NotOnSpark extends Error {
  readonly what: string;
  readonly next: string;
  /** Byte of the statement; undefined where the plan does not say. */
  position: number | undefined;
  /** The function that it is about, where there is no position: DuckDB's plans say none of aggregates. */
  call: string | undefined;

  constructor({ what, next, position }: { what: string; next: string; position?: number | undefined }) {
    super(what);
    this.what = what;
    this.next = next;
    this.position = position;
  }
}

/** Runs `work`; what it refuses without a place is refused at `position`. */
export function placedAt<Result>(position: number | undefined, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotOnSpark && error.call === undefined) error.position ??= position;
    throw error;
  }
}

/** Runs `work`; what it refuses without a place is about a call of this name. */
export function calling<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotOnSpark && error.position === undefined) error.call ??= name;
    throw error;
  }
}
