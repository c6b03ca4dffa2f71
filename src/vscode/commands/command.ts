import type { Services } from "../services.ts";

/**
 * A command of the palette or a menu. `argument` is what the menu or link hands over, `selected` what is selected with it:
 * nothing is known of them.
 */
export type Command = {
  id: CommandId;
  /** It runs something of the workspace, so it waits for trust. */
  needsTrust: boolean;
  run: (services: Services, argument: unknown, selected: unknown) => Promise<void> | void;
};

/** All commands; package.json declares the same, and a test compares. */
export const commandIds = [
  "nativeUdf.scaffoldExtension",
  "nativeUdf.build",
  "nativeUdf.clean",
  "nativeUdf.generateStubs",
  "nativeUdf.submitJob",
  "nativeUdf.runOnLocal",
  "nativeUdf.submitJobToTarget",
  "nativeUdf.rerunLastJob",
  "nativeUdf.cancelRun",
  "nativeUdf.selectTarget",
  "nativeUdf.showPanel",
  "nativeUdf.showRun",
  "nativeUdf.showLog",
  "nativeUdf.doctor",
  "nativeUdf.captureDiagnostics",
  "nativeUdf.removeRun",
  "nativeUdf.openResult",
  "nativeUdf.runOnSample",
  "nativeUdf.runSanitized",
  "nativeUdf.showStub",
  "nativeUdf.debugJob",
  "nativeUdf.explainLog",
] as const;
export type CommandId = (typeof commandIds)[number];
