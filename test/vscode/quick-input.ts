import type { Locator, Page } from "playwright-core";

/** How long one look at the palette lasts before it is opened again; no limit of the test. */
const lookMilliseconds = 3000;

/** VS Code's field at the top: palette, quick picks, inputs and its file dialog. */
export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;
  readonly #field: Locator;
  readonly #palette: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator(".quick-input-widget");
    this.#field = this.#widget.locator("input.input");
    this.#palette = this.#widget.locator('input.input[placeholder^="Type the name of a command"]');
  }

  /** Runs a command by its whole title, such as "Native UDF: Build". */
  async run(title: string): Promise<void> {
    const row = await this.#find(title);
    if (!row) throw new Error(`the palette does not list "${title}"`);
    // other commands that hold the text can be before it
    const focused = await row.getAttribute("aria-posinset");
    for (let position = 1; position < Number(focused); position++) await this.#page.keyboard.press("ArrowDown");
    await row.and(this.#widget.locator(".focused")).waitFor();
    await this.#page.keyboard.press("Enter");
    // a command may ask for something at once, in the same place
    await this.#palette.waitFor({ state: "hidden" });
  }

  /** The palette's rows for a category, once `known` is among them: the commands that can be used now. */
  async commands(category: string, known: string): Promise<string[]> {
    if (!(await this.#find(known, category))) throw new Error(`the palette does not list "${known}"`);
    const labels = await this.#rows().locator(".label-name").allTextContents();
    await this.close();
    return labels.filter((label) => label.startsWith(`${category}: `));
  }

  /** The palette lists what there was when it was opened, so it is opened until the command is there. */
  async #find(title: string, text = title): Promise<Locator | undefined> {
    const limit = Date.now() + 120_000;
    while (Date.now() < limit) {
      await this.#openPalette(text);
      const row = this.#row(title);
      const found = await row.waitFor({ timeout: lookMilliseconds }).then(
        () => true,
        () => false,
      );
      if (found) return row;
      await this.close();
    }
    return undefined;
  }

  async #openPalette(text: string): Promise<void> {
    await this.close();
    await this.#press("F1", this.#palette);
    await this.#palette.fill(`>${text}`);
  }

  /** Presses a key until it shows what it opens: a window that is busy with its focus loses keys. */
  async #press(key: string, opened: Locator): Promise<void> {
    for (let time = 0; time < 20 && !(await opened.isVisible()); time++) {
      await this.#page.keyboard.press(key);
      await opened.waitFor({ timeout: lookMilliseconds }).catch(() => undefined);
    }
    await opened.waitFor({ timeout: lookMilliseconds });
  }

  #rows(): Locator {
    return this.#widget.locator(".quick-input-list .monaco-list-row");
  }

  #row(label: string): Locator {
    const text = new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
    return this.#rows()
      .filter({ has: this.#page.locator(".label-name", { hasText: text }) })
      .first();
  }

  /** Opens a file of the workspace, at a line where one is given. */
  async openFile(file: string, line?: number): Promise<void> {
    await this.close();
    await this.#press("Control+P", this.#field);
    await this.#field.fill(line === undefined ? file : `${file}:${line}`);
    const name = file.split("/").at(-1) ?? file;
    // files of before come first until the search has ended
    await this.#row(name).and(this.#widget.locator(".focused")).waitFor();
    await this.#page.keyboard.press("Enter");
    await this.#page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.#page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  }

  /** Chooses in the list that asks for `placeholder`, by keyboard. */
  async pick(placeholder: string, label: string): Promise<void> {
    await this.#widget.locator(`input.input[placeholder^="${placeholder}"]`).waitFor();
    await this.#row(label).waitFor();
    await this.#field.fill(label);
    await this.#widget.locator(".monaco-list-row.focused").filter({ hasText: label }).waitFor();
    await this.#page.keyboard.press("Enter");
  }

  /** The labels of the list that asks for `placeholder`. */
  async labels(placeholder: string): Promise<string[]> {
    await this.#widget.locator(`input.input[placeholder^="${placeholder}"]`).waitFor();
    return this.#rows().locator(".label-name").allTextContents();
  }

  /** Answers the input that says `message`. */
  async enter(message: string, text: string): Promise<void> {
    await this.#widget.locator(".quick-input-message", { hasText: message }).waitFor();
    await this.#field.fill(text);
    await this.#page.keyboard.press("Enter");
  }

  /** Chooses a folder in the file dialog, which a browser shows in this field. */
  async chooseFolder(title: string, folder: string): Promise<void> {
    const heading = this.#widget.locator(".quick-input-title", { hasText: title });
    await heading.waitFor();
    const field = await this.#field.elementHandle();
    // once it has read it, the dialog writes the folder that it begins with
    await this.#page.waitForFunction((input) => input instanceof HTMLInputElement && input.value !== "", field);
    // Enter goes into the folder while the dialog still looks at another one
    while (await heading.isVisible()) {
      if ((await this.#field.inputValue()) !== `${folder}/`) await this.#field.fill(`${folder}/`);
      await this.#page.keyboard.press("Enter");
      await heading.waitFor({ state: "hidden", timeout: lookMilliseconds }).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    while (await this.#widget.isVisible()) {
      await this.#page.keyboard.press("Escape");
      await this.#widget.waitFor({ state: "hidden", timeout: lookMilliseconds }).catch(() => undefined);
    }
  }
}
