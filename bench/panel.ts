import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { LogIndex } from "../src/panel/host/log-index.ts";
import type { PanelRun } from "../src/panel/host/panel-host.ts";
import { eventsFile } from "../src/run/event-log.ts";
import { closeBrowser } from "../test/vscode/browser.ts";
import { PanelPage } from "../test/vscode/panel/panel-page.ts";
import { collectGarbage } from "./measure.ts";
import { type Benchmark, type Context, ms, type Row } from "./result.ts";

const lines = 1_000_000;
const goals = { bytesPerSecond: 70e6, frame: 0.033, search: 0.1, rows: 200 };

/** The panel's real page and host, with a log of a million lines. */
export const panel: Benchmark = {
  name: "panel",
  title: "The panel with a million log lines",
  run: async (context) => {
    const run = writtenRun(context);
    const file = path.join(run.folder.path, eventsFile);
    const bytes = statSync(file).size;
    try {
      const shown = [];
      for (let round = 0; round < context.rounds; round++) shown.push(await show(run));
      const { seconds, bytesPerLine } = await search(file, 4 * context.rounds);
      // times of a page, which other work on the machine can only make longer
      const rate = bytes / Math.min(...shown.map((one) => one.seconds));
      const frame = Math.min(...shown.map((one) => one.longestFrame));
      const rows = Math.max(...shown.map((one) => one.rows));
      const row = (what: string, rest: Omit<Row, "what" | "against" | "ratio"> & { against?: string }): Row => ({
        ...{ what, against: "–", ratio: null },
        ...rest,
      });
      return [
        row("from opening the run until every line can be scrolled to", {
          ours: `${(rate / 1e6).toFixed(0)} MB/s`,
          against: `${(bytes / 1e6).toFixed(0)} MB of events`,
          goal: `≥ ${goals.bytesPerSecond / 1e6} MB/s`,
          met: rate >= goals.bytesPerSecond,
          limit: "finding the lines in the file, chunk by chunk between other work",
        }),
        row("longest frame of the page meanwhile", {
          ours: ms(frame),
          goal: `≤ ${ms(goals.frame)}`,
          met: frame <= goals.frame,
          limit: "a browser without a graphics card, on the cores of the host",
        }),
        row("search for the last line, from the first", {
          ours: ms(seconds),
          goal: `≤ ${ms(goals.search)}`,
          met: seconds <= goals.search,
          limit: "reading the texts, of which the host keeps a copy on disk",
        }),
        row("rows in the page", {
          ours: String(rows),
          goal: `≤ ${goals.rows}`,
          met: rows <= goals.rows,
          limit: "those in sight",
        }),
        row("memory of the host for a line, however long", {
          ours: `${bytesPerLine.toFixed(0)} bytes`,
          goal: "none",
          met: null,
          limit: "where it and its text lie, its length, worker and level",
        }),
      ];
    } finally {
      await closeBrowser();
    }
  },
};

function writtenRun({ temporary }: Context): PanelRun {
  const id = "20261121-104210-loud-a1b2";
  const folder = path.join(temporary, "panel", ".native-udf", "runs", id);
  const writer = path.join(import.meta.dirname, "panel-writer.ts");
  execFileSync(process.execPath, ["--import", "tsx", writer, folder, String(lines)], { stdio: "inherit" });
  return {
    ...{ id, job: "loud", target: "local", state: "succeeded", fraction: null, seconds: 1 },
    folder: { id, path: folder, parts: "", staged: "", logs: "", temporary: "" },
  };
}

/** In the page, so that what stops the page is seen: the longest time between two frames. */
const watchFrames = `{
  let last = performance.now();
  globalThis.longestFrame = 0;
  const next = (now) => {
    globalThis.longestFrame = Math.max(globalThis.longestFrame, now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(next); });
}`;

async function show(run: PanelRun): Promise<{ seconds: number; longestFrame: number; rows: number }> {
  const runs: PanelRun[] = [];
  const opened = await PanelPage.open({ runs: () => runs, state: { selected: null, tab: "logs" } });
  try {
    const { page, host } = opened;
    await page.evaluate(watchFrames);
    const start = performance.now();
    runs.push(run);
    host.select(run.id);
    host.refresh();
    await page.getByRole("tab", { name: /^Logs/ }).click();
    await page.getByText(`${lines.toLocaleString("en")} of ${lines.toLocaleString("en")} lines`).waitFor();
    const seconds = (performance.now() - start) / 1000;
    await page.getByText(`line ${lines - 1} of`).waitFor();
    const longestFrame = Number(await page.evaluate("globalThis.longestFrame")) / 1000;
    return { seconds, longestFrame, rows: await page.locator(".log-row").count() };
  } finally {
    await opened.close();
  }
}

async function search(file: string, rounds: number): Promise<{ seconds: number; bytesPerLine: number }> {
  await collectGarbage();
  const before = process.memoryUsage();
  const index = new LogIndex(file);
  await index.update();
  await collectGarbage();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const found = await index.search(`line ${lines - 1} of`, {
      ...{ from: 0, backward: false },
      signal: AbortSignal.timeout(60_000),
    });
    if (found !== lines - 1) throw new Error(`the search found line ${found}`);
    times.push((performance.now() - start) / 1000);
  }
  await index.close();
  return { seconds: Math.min(...times), bytesPerLine: bytes / lines };
}
