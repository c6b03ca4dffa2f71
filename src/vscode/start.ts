import * as vscode from "vscode";
import { setContextKey } from "./context-keys.ts";
import { Explanations } from "./explain/explanations.ts";
import { registerFeatures } from "./features.ts";
import { Modules } from "./modules.ts";
import { PanelFocus } from "./panel/panel-focus.ts";
import { Runs } from "./runs.ts";
import type { Services } from "./services.ts";

/** Makes what commands and features work with, and registers the features. */
export function startServices(given: Pick<Services, "context" | "log" | "state">): Services {
  const { context, log } = given;
  const modules = new Modules(log);
  const runs = new Runs({ log, modules, memory: context.workspaceState });
  const panelFocus = new PanelFocus();
  const explanations = new Explanations();
  const services: Services = { ...given, modules, runs, panelFocus, explanations };
  context.subscriptions.push(
    modules,
    runs,
    panelFocus,
    explanations,
    modules.onDidChange(() => {
      setContextKey("nativeUdf.hasModule", modules.all.length > 0);
      setContextKey(
        "nativeUdf.hasArtifact",
        modules.all.some(({ manifest }) => manifest !== undefined),
      );
      setContextKey(
        "nativeUdf.scripts",
        modules.all.flatMap(({ scripts }) => scripts.map(({ path }) => path)),
      );
    }),
    registerFeatures(services),
  );
  return services;
}

/** Looks for modules and for runs that go on, and waits for trust. */
export async function findWork({ context, state, modules, runs }: Services): Promise<void> {
  await modules.untilSearched();
  runs.findRunning();
  if (vscode.workspace.isTrusted) {
    state.set({ kind: "ready" });
  } else {
    context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => state.set({ kind: "ready" })));
    state.set({ kind: "limited" });
  }
}
