import type { Command } from "./command.ts";

/** Opens the panel, and gives it the focus: it was asked for. */
export const showPanel: Command = {
  id: "nativeUdf.showPanel",
  needsTrust: false,
  run: ({ panelFocus }) => panelFocus.take(),
};
