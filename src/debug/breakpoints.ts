import { type Breakpoint, breakpointsBodySchema, type DapResponse, setBreakpointsSchema } from "./messages.ts";
import type { Place } from "./unbound.ts";

/** Until the worker has loaded the artifact, no debugger knows its lines. */
const waiting = "It binds when the job's worker has loaded the module.";

type Known = Place & { verified: boolean; message: string };

/** The breakpoints in the author's sources, by the numbers that the adapter has given them. */
export class Breakpoints {
  readonly #known = new Map<number, Known>();
  #loaded = false;

  /** The adapter's answer to setBreakpoints, with a message for each that is not bound (yet). */
  answered(args: unknown, response: DapResponse): { response: DapResponse; unbound: number[] } {
    const asked = setBreakpointsSchema.safeParse(args).data;
    const body = breakpointsBodySchema.safeParse(response.body).data;
    const file = asked?.source.path;
    if (!asked || !body || file === undefined) return { response, unbound: [] };
    for (const [id, { file: other }] of this.#known) if (other === file) this.#known.delete(id);
    const breakpoints = body.breakpoints.map((breakpoint, index) => {
      const line = asked.breakpoints?.[index]?.line;
      if (breakpoint.id === undefined || line === undefined) return breakpoint;
      this.#known.set(breakpoint.id, { file, line, verified: breakpoint.verified, message: waiting });
      return breakpoint.verified ? breakpoint : { ...breakpoint, message: waiting };
    });
    const ids = breakpoints.flatMap(({ id, verified }) => (verified || id === undefined ? [] : [id]));
    return { response: { ...response, body: { ...body, breakpoints } }, unbound: this.#loaded ? ids : [] };
  }

  /** The adapter says that one has changed. */
  changed(breakpoint: Breakpoint): Breakpoint {
    const known = breakpoint.id === undefined ? undefined : this.#known.get(breakpoint.id);
    if (!known) return breakpoint;
    // lldb-vscode tells where it is before it has put it there, and nothing after
    const verified = breakpoint.verified || breakpoint.line !== undefined;
    known.verified ||= verified;
    if (known.verified) return { ...breakpoint, verified: true };
    return { ...breakpoint, message: known.message };
  }

  /** The artifact is there; gives those that did not bind. */
  loaded(): number[] {
    this.#loaded = true;
    return [...this.#known].flatMap(([id, { verified }]) => (verified ? [] : [id]));
  }

  /** Where one was asked for; undefined for one that has been bound or removed. */
  placeOfUnbound(id: number): Place | undefined {
    const known = this.#known.get(id);
    return known && !known.verified ? known : undefined;
  }

  /** Keeps why one does not bind, for whatever is said of it later. */
  explain(id: number, message: string): void {
    const known = this.#known.get(id);
    if (known) known.message = message;
  }
}
