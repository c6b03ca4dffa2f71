import * as vscode from "vscode";
import { panelPage } from "../../panel/host/page.ts";
import { PanelHost, type PanelRun } from "../../panel/host/panel-host.ts";
import { panelStateSchema } from "../../panel/protocol.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";
import { panelActions, stateKey } from "./panel-actions.ts";

/** Fills the panel's view with its page, and answers it until the view is gone. */
export function openPanel(view: vscode.WebviewView, services: Services): PanelHost {
  const { context, runs } = services;
  const folder = vscode.Uri.joinPath(context.extensionUri, "dist", "panel");
  view.webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const host = new PanelHost({
    send: (message) => void view.webview.postMessage(message),
    runs: () => runs.all.map(toPanelRun),
    actions: panelActions(services),
  });
  const subscriptions = [
    view.webview.onDidReceiveMessage((message: unknown) => host.receive(message)),
    runs.onDidChange(() => host.refresh()),
  ];
  view.onDidDispose(() => {
    for (const subscription of subscriptions) subscription.dispose();
    host.dispose();
  });
  const uri = (name: string) => view.webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  view.webview.html = panelPage({
    ...{ script: uri("panel.js"), style: uri("panel.css") },
    state: panelStateSchema.safeParse(context.workspaceState.get(stateKey)).data,
    ...{ cspSource: view.webview.cspSource, language: vscode.env.language },
  });
  return host;
}

function toPanelRun({ id, job, target, state, fraction, seconds, folder }: LiveRun): PanelRun {
  return { id, job, target, state, fraction: fraction ?? null, seconds, folder };
}
