import * as z from "zod";

const filterSchema = z.looseObject({ filter: z.string() });
const capabilitiesSchema = z.looseObject({ exceptionBreakpointFilters: z.array(filterSchema).optional() });

/** What the debug adapter says that it can do, without what makes no sense for a job. */
export function capabilities(body: unknown): Record<string, unknown> {
  const { exceptionBreakpointFilters: filters, ...rest } = capabilitiesSchema.safeParse(body).data ?? {};
  return {
    ...rest,
    // the editor ends the session and begins a new one, so that the run is a new one too
    supportsRestartRequest: false,
    supportsTerminateRequest: false,
    supportTerminateDebuggee: false,
    ...(filters
      ? { exceptionBreakpointFilters: filters.filter(({ filter }) => !/^(?:objc|swift)_/.test(filter)) }
      : {}),
  };
}
