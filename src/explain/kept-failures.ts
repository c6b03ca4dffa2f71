import { cutMessage, type Failure, type RawFrame, weights } from "./failure.ts";

/** More failures than this of one log are repetitions. */
const most = 500;

/**
 * The failures of one log, in the order in which they were found, each once: the first 500 that the driver may have borne,
 * and the last 500 of those that it met, however many there are.
 */
export class KeptFailures {
  /** By what tells them apart: setting one anew leaves it at its place. */
  readonly #kept = new Map<string, Failure>();
  /** Of the driver's last exception. */
  readonly #final = new Set<string>();
  /** What the driver met and what the scheduler gave up for, oldest first. */
  readonly #met = new Set<string>();
  #last: string | undefined;

  get all(): Failure[] {
    return [...this.#kept.values()];
  }

  keep(found: Failure): void {
    const failure = { ...found, message: cutMessage(found.message) };
    const identity = identityOf(failure);
    const same = this.#kept.get(identity);
    if (same && same.weight >= failure.weight && failure.weight !== weights.final) return;
    this.#remove(identity);
    if (!this.#makeRoom(failure)) return;
    this.#kept.set(identity, failure);
    if (failure.weight === weights.final) this.#final.add(identity);
    else if (failure.weight >= weights.driver) this.#met.add(identity);
    this.#last = identity;
  }

  remove(failure: Failure): void {
    this.#remove(identityOf(failure));
  }

  /** The driver went on: what was to have ended it is only what it met. */
  demoteFinal(): void {
    for (const identity of this.#final) {
      const failure = this.#kept.get(identity);
      if (!failure) continue;
      this.#kept.set(identity, { ...failure, weight: weights.driver });
      this.#met.add(identity);
    }
    this.#final.clear();
  }

  /** Where the query was written that the last failure is of, where that is the driver's. */
  name(site: RawFrame): void {
    const last = this.#last === undefined ? undefined : this.#kept.get(this.#last);
    if (this.#last !== undefined && last?.side === "driver" && !last.site)
      this.#kept.set(this.#last, { ...last, site });
  }

  #makeRoom({ weight }: Failure): boolean {
    const ofDriver = this.#final.size + this.#met.size;
    if (weight < weights.driver) return this.#kept.size - ofDriver < most;
    if (ofDriver < most) return true;
    const [oldest] = this.#met;
    if (oldest === undefined) return false;
    this.#remove(oldest);
    return true;
  }

  #remove(identity: string): void {
    this.#kept.delete(identity);
    this.#final.delete(identity);
    this.#met.delete(identity);
    if (this.#last === identity) this.#last = undefined;
  }
}

function identityOf({ kind, type, message, frames }: Failure): string {
  return [kind, type ?? "", message, ...frames.map(({ file, line }) => `${file}:${line}`)].join("\n");
}
