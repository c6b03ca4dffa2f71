import { chooseModule } from "../choose.ts";
import { setBuildDiagnostics } from "../diagnostics/build-diagnostics.ts";
import type { Command } from "./command.ts";

/** Removes what can be made again; runs and their logs stay. */
export const clean: Command = {
  id: "nativeUdf.clean",
  needsTrust: true,
  run: async (services, argument) => {
    const { module } = await chooseModule(services, argument);
    const { clean: cleanModule } = await import("../../app.ts");
    const removed = cleanModule(module, { runs: false });
    setBuildDiagnostics(module, []);
    services.log.info(`Removed ${removed.length} files and folders of ${module.name}`);
    await services.modules.search();
  },
};
