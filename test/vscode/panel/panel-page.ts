import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { ensureVscodeServer } from "../../../scripts/vscode-server.mjs";
import { panelPage } from "../../../src/panel/host/page.ts";
import { type PanelActions, PanelHost, type PanelRun } from "../../../src/panel/host/panel-host.ts";
import type { ToPage } from "../../../src/panel/protocol.ts";
import { projectRoot } from "../../support/command-line.ts";
import { launch } from "../browser.ts";

/* The panel's real page and its real host, with a browser's window in place of VS Code's webview between them. */

export type Theme = "dark" | "light" | "high contrast";

/** Some of the colours that VS Code gives a page; from its default themes. */
const themes: Record<Theme, Record<string, string>> = {
  dark: {
    "--vscode-foreground": "#cccccc",
    "--vscode-editor-background": "#1f1f1f",
    "--vscode-editor-foreground": "#cccccc",
    "--vscode-input-background": "#313131",
    "--vscode-input-foreground": "#cccccc",
    "--vscode-list-activeSelectionBackground": "#04395e",
    "--vscode-list-activeSelectionForeground": "#ffffff",
    "--vscode-panel-border": "#2b2b2b",
    "--vscode-focusBorder": "#0078d4",
    "--vscode-textLink-foreground": "#4daafc",
    "--vscode-errorForeground": "#f85149",
    "--vscode-editorWarning-foreground": "#cca700",
    "--vscode-charts-green": "#89d185",
    "--vscode-charts-blue": "#3794ff",
    "--vscode-charts-red": "#f14c4c",
    "--vscode-textCodeBlock-background": "#2b2b2b",
    "--vscode-button-secondaryBackground": "#313131",
    "--vscode-button-secondaryForeground": "#cccccc",
    "--vscode-descriptionForeground": "#9d9d9d",
  },
  light: {
    "--vscode-foreground": "#3b3b3b",
    "--vscode-editor-background": "#ffffff",
    "--vscode-editor-foreground": "#3b3b3b",
    "--vscode-input-background": "#ffffff",
    "--vscode-input-foreground": "#3b3b3b",
    "--vscode-input-border": "#cecece",
    "--vscode-list-activeSelectionBackground": "#e8e8e8",
    "--vscode-list-activeSelectionForeground": "#000000",
    "--vscode-panel-border": "#e5e5e5",
    "--vscode-focusBorder": "#005fb8",
    "--vscode-textLink-foreground": "#005fb8",
    "--vscode-errorForeground": "#c72e0f",
    "--vscode-editorWarning-foreground": "#895503",
    "--vscode-charts-green": "#388a34",
    "--vscode-charts-blue": "#1a85ff",
    "--vscode-charts-red": "#e51400",
    "--vscode-textCodeBlock-background": "#f8f8f8",
    "--vscode-button-secondaryBackground": "#e5e5e5",
    "--vscode-button-secondaryForeground": "#3b3b3b",
    "--vscode-descriptionForeground": "#3b3b3b",
  },
  "high contrast": {
    "--vscode-foreground": "#ffffff",
    "--vscode-editor-background": "#000000",
    "--vscode-editor-foreground": "#ffffff",
    "--vscode-input-background": "#000000",
    "--vscode-input-foreground": "#ffffff",
    "--vscode-input-border": "#6fc3df",
    "--vscode-contrastBorder": "#6fc3df",
    "--vscode-contrastActiveBorder": "#f38518",
    "--vscode-panel-border": "#6fc3df",
    "--vscode-focusBorder": "#f38518",
    "--vscode-textLink-foreground": "#21a6ff",
    "--vscode-errorForeground": "#f48771",
    "--vscode-editorWarning-foreground": "#ffd370",
    "--vscode-charts-green": "#89d185",
    "--vscode-charts-blue": "#3794ff",
    "--vscode-charts-red": "#f48771",
    "--vscode-textCodeBlock-background": "#000000",
    "--vscode-button-secondaryBackground": "#000000",
    "--vscode-button-secondaryForeground": "#ffffff",
    "--vscode-descriptionForeground": "#ffffff",
  },
};

/** What the page has asked VS Code for, in words. */
export type Asked = { action: string; argument: unknown };

export class PanelPage {
  readonly page: Page;
  readonly host: PanelHost;
  readonly asked: Asked[];
  readonly #window: BrowserContext;
  readonly #server: Server;

  private constructor(parts: { page: Page; host: PanelHost; asked: Asked[]; window: BrowserContext; server: Server }) {
    this.page = parts.page;
    this.host = parts.host;
    this.asked = parts.asked;
    this.#window = parts.window;
    this.#server = parts.server;
  }

  static async open({
    runs,
    theme = "dark",
    width = 1100,
    state,
  }: {
    runs: () => readonly PanelRun[];
    theme?: Theme;
    width?: number;
    state?: unknown;
  }): Promise<PanelPage> {
    const server = createServer((request, response) => {
      const name = path.basename(request.url ?? "");
      const html = panelPage({ script: "/panel.js", style: "/panel.css", cspSource: "'self'", language: "en" });
      const type = name.endsWith(".js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html";
      response.setHeader("content-type", type);
      response.end(type === "text/html" ? html : readFileSync(path.join(projectRoot, "dist", "panel", name)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await launch((await ensureVscodeServer()).browser);
    const window = await browser.newContext({ viewport: { width, height: 420 } });
    const page = await window.newPage();
    const asked: Asked[] = [];
    const told = (action: string) => (argument: unknown) => void asked.push({ action, argument });
    const actions: PanelActions = {
      ...{ cancel: told("cancel"), rerun: told("rerun"), open: told("open"), openResult: told("openResult") },
      ...{ copy: told("copy"), saveLog: told("saveLog"), log: told("log") },
      remember: () => undefined,
    };
    let sent = Promise.resolve();
    const send = (message: ToPage) => {
      sent = sent
        .then(() => page.evaluate((data) => globalThis.postMessage(data, "*"), message))
        .catch(() => undefined);
    };
    const host = new PanelHost({ send, runs, actions });
    await page.exposeFunction("toHost", (message: unknown) => host.receive(message));
    // as text: what compiles this file puts calls of its own into functions
    await page.addInitScript({ content: initScript(themes[theme], state) });
    await page.goto(`http://127.0.0.1:${port}/`);
    return new PanelPage({ page, host, asked, window, server });
  }

  async close(): Promise<void> {
    this.host.dispose();
    await this.#window.close();
    this.#server.close();
  }
}

/** What VS Code gives a webview's page: its colours, and a way to speak and to remember. */
function initScript(colors: Record<string, string>, state: unknown): string {
  return `{
    let state = ${JSON.stringify(state ?? null)} ?? undefined;
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => void globalThis.toHost(message),
      getState: () => state,
      setState: (next) => { state = next; },
    });
    addEventListener("DOMContentLoaded", () => {
      for (const [name, color] of Object.entries(${JSON.stringify(colors)})) {
        document.documentElement.style.setProperty(name, color);
      }
      document.body.style.background = "var(--vscode-editor-background)";
    });
  }`;
}
