import type { Command } from "./command.ts";
import { submitJob } from "./submit-job.ts";

/** Submit Job… by the name that it has among the entries of the editor's run button. */
export const runOnLocal: Command = { ...submitJob, id: "nativeUdf.runOnLocal" };
