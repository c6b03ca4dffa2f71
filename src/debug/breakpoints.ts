import type { LineTable } from "./line-table.ts";
import { type Breakpoint, breakpointsBodySchema, type DapResponse, setBreakpointsSchema } from "./messages.ts";
import { type Place, refusalOf, whyUnbound } from "./unbound.ts";

/** Until the worker has loaded the artifact, no debugger knows its lines. */
const waiting = "It binds when the job's worker has loaded the module.";

type Known = Place & { verified: boolean; message: string };

/** A breakpoint that is not bound, and why. */
export type Unbound = Place & { id: number; message: string };

/** The breakpoints in the author's sources, by the numbers that the adapter has given them. */
export class Breakpoints {
  readonly #known = new Map<number, Known>();
  readonly #root: string;
  #loaded: Promise<LineTable> | undefined;

  /** `root`: the module's folder. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The answer for a file in which nothing can stop; undefined for one that the adapter is asked about. */
  refused(args: unknown): { breakpoints: Breakpoint[] } | undefined {
    const asked = setBreakpointsSchema.safeParse(args).data;
    const file = asked?.source.path;
    const message = file === undefined ? undefined : refusalOf(this.#root, file);
    if (!asked || message === undefined) return undefined;
    return { breakpoints: (asked.breakpoints ?? []).map(({ line }) => ({ verified: false, line, message })) };
  }

  /** The adapter's answer to setBreakpoints, with a message for each that is not bound yet. */
  answered(args: unknown, response: DapResponse): DapResponse {
    const asked = setBreakpointsSchema.safeParse(args).data;
    const body = breakpointsBodySchema.safeParse(response.body).data;
    const file = asked?.source.path;
    if (!asked || !body || file === undefined) return response;
    for (const [id, { file: other }] of this.#known) if (other === file) this.#known.delete(id);
    const breakpoints = body.breakpoints.map((breakpoint, index) => {
      const line = asked.breakpoints?.[index]?.line;
      if (breakpoint.id === undefined || line === undefined) return breakpoint;
      this.#known.set(breakpoint.id, { file, line, verified: breakpoint.verified, message: waiting });
      return breakpoint.verified ? breakpoint : { ...breakpoint, message: waiting };
    });
    return { ...response, body: { ...body, breakpoints } };
  }

  /** The adapter says that one has changed. */
  changed(breakpoint: Breakpoint): Breakpoint {
    const known = breakpoint.id === undefined ? undefined : this.#known.get(breakpoint.id);
    if (!known) return breakpoint;
    // lldb-vscode tells where it is before it has put it there, and nothing after
    known.verified ||= breakpoint.verified || breakpoint.line !== undefined;
    if (known.verified) return { ...breakpoint, verified: true };
    return { ...breakpoint, message: known.message };
  }

  /** The worker has loaded the artifact. */
  loaded(table: Promise<LineTable>): void {
    this.#loaded = table;
    table.catch(() => undefined); // whoever asks for reasons hears of it
  }

  /** Those that have not bound, each told once; none before the artifact is loaded. */
  async unbound(): Promise<Unbound[]> {
    const table = await this.#loaded;
    if (!table) return [];
    return [...this.#known].flatMap(([id, known]) => {
      if (known.verified || known.message !== waiting) return [];
      const { file, line } = known;
      known.message = whyUnbound({ file, line }, { root: this.#root, table });
      return { id, file, line, message: known.message };
    });
  }
}
