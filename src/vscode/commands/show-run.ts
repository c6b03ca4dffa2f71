import { runOf } from "../run-of.ts";
import type { Command } from "./command.ts";

/** Opens the panel at a run. */
export const showRun: Command = {
  id: "nativeUdf.showRun",
  needsTrust: false,
  run: async (services, argument) => {
    const run = runOf(services, argument);
    if (run) services.runs.select(run);
    await services.panelFocus.take();
  },
};
