import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { runCommand } from "./failure.mjs";
import { inProject, root } from "./project.mjs";
import { ensureVscodeServer } from "./vscode-server.mjs";

/* Draws media/icon.png, which the marketplace and the list of extensions show, from media/icon.svg. */

const pixels = 256;

await runCommand(async () => {
  const { browser: executablePath } = await ensureVscodeServer();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: pixels, height: pixels } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>
${readFileSync(inProject("media", "icon.svg"), "utf8")}`);
    const file = inProject("media", "icon.png");
    await page.screenshot({ path: file, omitBackground: true });
    process.stdout.write(`${path.relative(root, file)}  ${(statSync(file).size / 1000).toFixed(1)} kB\n`);
  } finally {
    await browser.close();
  }
  return 0;
});
