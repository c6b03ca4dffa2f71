import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { until } from "../support/until.ts";
import { QuickInput } from "./quick-input.ts";

/** How long a test waits for something in the workbench; only a failure takes as long. */
const patienceMilliseconds = 120_000;

type OpenOptions = {
  browser: Browser;
  origin: string;
  /** The folder of the window, or a .code-workspace file; without one the window is empty. */
  folder?: string | undefined;
  /** What the development of an extension hands to the window. */
  payload?: readonly (readonly [string, string])[];
  /** Called before the page is loaded. */
  prepare?: (page: Page) => Promise<void>;
};

/** `line` is from 1, `file` relative to the folder `root`. */
type LineEdit = { root: string; file: string; line: number; text: string };

/** One window of VS Code: what a user sees of it and does in it. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;

  private constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
  }

  /** Opens a window that remembers nothing of others. */
  static async open({ browser, origin, folder, payload = [], prepare }: OpenOptions): Promise<Workbench> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(patienceMilliseconds);
    const page = await context.newPage();
    await prepare?.(page);
    const url = new URL(origin);
    if (folder === undefined) url.searchParams.set("ew", "true");
    else url.searchParams.set(folder.endsWith(".code-workspace") ? "workspace" : "folder", folder);
    if (payload.length > 0) url.searchParams.set("payload", JSON.stringify(payload));
    await page.goto(url.href);
    const workbench = new Workbench(page);
    await workbench.ready();
    return workbench;
  }

  /** Waits for the parts of the window. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
  }

  /** Runs a command of the palette by its title. */
  async run(title: string): Promise<void> {
    await this.quickInput.run(title);
  }

  /** Reloads the window as its user would. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Waits for the window to show this folder, as after a command that opens one. */
  async opened(folder: string): Promise<void> {
    await this.page.waitForURL((url) => url.searchParams.get("folder") === folder);
    await this.ready();
  }

  /** The notification that holds a text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  /** Clicks a button of a notification. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole("button", { name: button, exact: true }).click();
  }

  /** The extension's one item in the status bar. */
  get status(): Locator {
    return this.page.locator('.part.statusbar [id$="nativeUdf.status"]');
  }

  /** The rows of the Problems view, which it opens. */
  async problems(): Promise<Locator> {
    const view = this.page.locator(".markers-panel");
    if (!(await view.isVisible())) await this.run("Problems: Focus on Problems View");
    await view.waitFor();
    return view.locator(".monaco-list-row");
  }

  /** The rows of one of the extension's tree views, which it opens. */
  async treeView(name: "Modules" | "Targets" | "Runs"): Promise<Locator> {
    const pane = this.page.locator(".part.sidebar .pane").filter({
      has: this.page.locator(`.pane-header[aria-label^="${name}"]`),
    });
    if (!(await pane.isVisible())) await this.run("View: Show Native UDF");
    await pane.waitFor();
    const header = pane.locator(".pane-header");
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
    return pane.locator(".monaco-list-row");
  }

  /** Opens the file that a row of a tree stands for: a tree that is being renewed can lose a click. */
  async openRow(row: Locator, file: string): Promise<void> {
    const tab = this.page.locator(`.tab.active[data-resource-name="${file}"]`);
    for (let time = 0; time < 10 && !(await tab.isVisible()); time++) {
      await row.dblclick();
      await tab.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
    await tab.waitFor();
  }

  /** All notifications, also those whose toast has gone; it opens their list. */
  async notifications(): Promise<Locator> {
    await this.run("Notifications: Show Notifications");
    return this.page.locator(".notifications-center .notification-list-item");
  }

  /** Writes one line of a file anew in its editor, by the keyboard, and saves it. */
  async replaceLine({ root, file, line, text }: LineEdit): Promise<void> {
    await this.quickInput.openFile(file, line);
    await this.cursorAt(line);
    await this.page.keyboard.press("Shift+End");
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press("Control+S");
    await until(() => readFileSync(path.join(root, file), "utf8").split("\n")[line - 1] === text);
  }

  /** Waits for the cursor of the active editor to be in a line, from 1. */
  async cursorAt(line: number): Promise<void> {
    const place = this.page.locator(".part.statusbar").getByText(new RegExp(`^Ln ${line}, Col`));
    await place.waitFor();
  }

  /** The text of the active editor, as it is shown. */
  get editor(): Locator {
    return this.page
      .locator(".editor-group-container.active .monaco-editor[role='code'], .editor-instance .monaco-editor")
      .first();
  }

  /** The document inside of the webview that is shown. */
  get webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe");
  }

  /** Keeps a picture for the README, only where NATIVE_UDF_SCREENSHOTS asks for pictures. */
  async screenshot(name: string): Promise<void> {
    if (!process.env.NATIVE_UDF_SCREENSHOTS) return;
    const folder = path.resolve(import.meta.dirname, "..", "..", "media", "screenshots");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
