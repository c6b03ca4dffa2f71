import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Locator } from "playwright-core";
import { packageExtension } from "../scripts/package.mjs";
import { ensureVscodeServer } from "../scripts/vscode-server.mjs";
import { closeBrowser, launch } from "../test/vscode/browser.ts";
import { startServer } from "../test/vscode/server.ts";
import { vsixFiles } from "../test/vscode/vsix-files.ts";
import { Workbench } from "../test/vscode/workbench.ts";
import { median } from "./measure.ts";
import { atMost, type Benchmark, type Context, ms, type Row } from "./result.ts";

const activationLimit = 0.03;
const vsixLimit = 1_500_000;

/** What the extension costs a window: VS Code's own figure for its activation, beside a very small extension. */
export const activation: Benchmark = {
  name: "activation",
  title: "The extension in VS Code",
  run: async (context) => {
    const folder = path.join(context.temporary, "vsix");
    mkdirSync(folder);
    const vsix = await packageExtension(folder);
    return [...(await activationTime(context, vsix)), vsixSize(vsix)];
  },
};

async function activationTime(context: Context, vsix: string): Promise<Row[]> {
  const server = await startServer({ vsix, others: [smallExtension(context)], trust: "every folder" });
  const samples = {
    ours: [] as number[],
    small: [] as number[],
    oursShown: [] as number[],
    smallShown: [] as number[],
  };
  try {
    const browser = await launch((await ensureVscodeServer()).browser);
    for (let round = 0; round < context.rounds; round++) {
      const begin = performance.now();
      const workbench = await Workbench.open({ browser, origin: server.origin, folder: context.module });
      const shown = async (item: Locator) => {
        await item.waitFor();
        return (performance.now() - begin) / 1000;
      };
      const small = workbench.page.locator('.part.statusbar [id$="bench.small"]');
      const [oursShown, smallShown] = await Promise.all([shown(workbench.status), shown(small)]);
      samples.oursShown.push(oursShown);
      samples.smallShown.push(smallShown);
      await workbench.run("Developer: Show Running Extensions");
      samples.ours.push(await shownTime(workbench, "Native UDF"));
      samples.small.push(await shownTime(workbench, "Small"));
      await workbench.close();
    }
  } finally {
    await closeBrowser();
    await server.close();
  }
  const [ours, small] = [median(samples.ours), median(samples.small)];
  const [oursShown, smallShown] = [median(samples.oursShown), median(samples.smallShown)];
  return [
    {
      what: "activation: VS Code reads and calls the extension, with the flight module open",
      ours: ms(ours),
      against: `${ms(small)} an extension of three lines`,
      ...{ ratio: null, goal: `≤ ${ms(activationLimit)}`, met: ours <= activationLimit },
      limit: "reading the file; the features are read afterwards",
    },
    {
      what: "from opening the window until the extension has found the module and says so in the status bar",
      ours: ms(oursShown),
      against: `${ms(smallShown)} the item of the other extension`,
      ...atMost(oursShown / smallShown, 1.5),
      limit: "VS Code itself; then its search for files",
    },
  ];
}

/** In seconds, from the editor that lists the running extensions: "Activation: 3ms". */
async function shownTime({ page }: Workbench, name: string): Promise<number> {
  const list = page.locator(".runtime-extensions-editor .monaco-list");
  const row = list.locator(".monaco-list-row").filter({ hasText: name });
  await list.locator(".activation-time").first().waitFor();
  // it draws what is in sight
  for (let step = 0; step < 50 && (await row.count()) === 0; step++) await list.press("PageDown");
  const text = await row.locator(".activation-time").textContent();
  const milliseconds = /(\d+)ms/.exec(text ?? "")?.[1];
  if (milliseconds === undefined) throw new Error(`VS Code shows no time for ${name}: ${text}`);
  return Number(milliseconds) / 1000;
}

/** A VSIX that is activated by the same event and only shows an item in the status bar. */
function smallExtension({ temporary }: Context): string {
  const folder = path.join(temporary, "small-extension");
  mkdirSync(folder);
  const manifest = {
    ...{ name: "small", displayName: "Small", publisher: "bench", version: "1.0.0", main: "main.cjs" },
    ...{ engines: { vscode: "^1.90.0" }, activationEvents: ["workspaceContains:**/native-udf.json"] },
  };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "main.cjs"), smallProgram);
  writeFileSync(path.join(folder, ".vscodeignore"), "\n");
  const vsix = path.join(temporary, "small-extension.vsix");
  const vsceManifest = createRequire(import.meta.url).resolve("@vscode/vsce/package.json");
  const vsce = path.join(path.dirname(vsceManifest), "vsce");
  const flags = ["--allow-missing-repository", "--skip-license", "--no-dependencies", "--out", vsix];
  execFileSync(process.execPath, [vsce, "package", ...flags], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return vsix;
}

const smallProgram = `const item = require("vscode").window.createStatusBarItem("bench.small");
item.text = "small";
exports.activate = () => item.show();
`;

function vsixSize(vsix: string): Row {
  const files = [...vsixFiles(vsix)];
  const sizeOf = (chosen: typeof files) => chosen.reduce((total, [, { packed }]) => total + packed, 0);
  const own = sizeOf(files.filter(([file]) => !/\/(?:duckdb\.node|libduckdb\.so)$/.test(file)));
  return {
    what: "VSIX without DuckDB's libraries",
    ours: `${(own / 1e6).toFixed(2)} MB`,
    against: `${(sizeOf(files) / 1e6).toFixed(1)} MB with them`,
    ratio: null,
    goal: `≤ ${vsixLimit / 1e6} MB`,
    met: own <= vsixLimit,
    limit: "cmake-js and what jobs are bundled with",
  };
}
