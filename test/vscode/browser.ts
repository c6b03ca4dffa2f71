import { type Browser, chromium } from "playwright-core";

let browser: Promise<Browser> | undefined;

/** The one browser of the process, without a window. */
export function launch(executablePath: string): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath,
    // the signals of the test command end this process as well
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
      ...["--disable-sync", "--no-first-run"],
    ],
  });
  return browser;
}

/** Ends it, if it was launched. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}
