import { buildModule } from "../build-module.ts";
import { chooseModule } from "../choose.ts";
import type { Command } from "./command.ts";

/** Builds the module into its artifact. */
export const build: Command = {
  id: "nativeUdf.build",
  needsTrust: true,
  run: async (services, argument) => {
    const { module } = await chooseModule(services, argument);
    const { manifest, upToDate, seconds } = await buildModule(module);
    services.log.info(`${manifest.file} ${upToDate ? "is up to date" : `was built in ${seconds.toFixed(1)} s`}`);
    await services.modules.search();
  },
};
