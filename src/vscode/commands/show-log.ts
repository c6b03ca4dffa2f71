import type { Command } from "./command.ts";

/** Opens the extension's own log. */
export const showLog: Command = {
  id: "nativeUdf.showLog",
  needsTrust: false,
  run: ({ log }) => log.show(),
};
