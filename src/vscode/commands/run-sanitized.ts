import { chooseJob } from "../choose.ts";
import { configuredSanitizers } from "../settings.ts";
import type { Command } from "./command.ts";
import { submit } from "./submit-job.ts";

/** Builds with sanitizers and runs a job with them on this machine: what they find is told at the author's lines. */
export const runSanitized: Command = {
  id: "nativeUdf.runSanitized",
  needsTrust: true,
  run: async (services, argument) => {
    const sanitize = configuredSanitizers();
    const { entry, job } = await chooseJob(services, argument);
    await submit(services, { module: entry.module, job: job.name, target: "local", sanitize });
  },
};
