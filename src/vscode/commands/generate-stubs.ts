import { buildStubs } from "../build-module.ts";
import { chooseModule } from "../choose.ts";
import type { Command } from "./command.ts";

/** Builds if needed, then writes the stubs. */
export const generateStubs: Command = {
  id: "nativeUdf.generateStubs",
  needsTrust: true,
  run: async (services, argument) => {
    const { module } = await chooseModule(services, argument);
    const { stubs } = await buildStubs(module);
    for (const { path } of stubs) services.log.info(`Stub ${path}`);
    await services.modules.search();
  },
};
