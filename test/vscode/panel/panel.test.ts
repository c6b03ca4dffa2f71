import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { closeBrowser } from "../browser.ts";
import { faultsOf } from "./faults.ts";
import { PanelPage, type Theme } from "./panel-page.ts";
import { crashedRun, scriptOnSpark, succeededRun, WrittenRun } from "./panel-runs.ts";

const limit = { timeout: 300_000 };

async function withPanel(
  options: Parameters<typeof PanelPage.open>[0],
  run: (panel: PanelPage) => Promise<void>,
): Promise<void> {
  const panel = await PanelPage.open(options);
  try {
    await run(panel);
  } finally {
    await panel.close();
  }
}

after(closeBrowser);

describe("the panel", () => {
  test(
    "shows the newest run: its state, its workers' parts, and its problems with frames that open their lines",
    limit,
    async () => {
      const [crashed, succeeded] = [crashedRun(), succeededRun()];
      await withPanel({ runs: () => [crashed.item, succeeded.item] }, async ({ page, asked }) => {
        await page
          .getByRole("option", { name: /^by-origin\s*, local, failed/ })
          .and(page.locator("[aria-selected=true]"))
          .waitFor();
        await page.getByRole("button", { name: /^Part 1, worker 2, failed/ }).waitFor();
        await page.getByRole("button", { name: /^Part 0, worker 1, succeeded/ }).waitFor();
        await page.getByRole("tab", { name: "Problems 1" }).click();
        await page.getByText("route(): worker 2 died of SIGSEGV").waitFor();
        await page.getByRole("button", { name: "src/airports.cpp:41" }).click();
        await page.getByRole("button", { name: "src/flight_features.cpp:12" }).click();
        await page.getByText("<script>alert(1)</script>").waitFor();
        const opened = asked.filter(({ action }) => action === "open").map(({ argument }) => argument);
        const place = { kind: "open", run: crashed.item.id };
        assert.deepEqual(opened, [
          { ...place, file: "src/airports.cpp", line: 41, column: 7 },
          { ...place, file: "src/flight_features.cpp", line: 12 },
        ]);
        await page.getByRole("button", { name: "Re-run" }).click();
        assert.deepEqual(asked.at(-1), { action: "rerun", argument: crashed.item.id });
      });
    },
  );

  test("says what goes on before there are parts, and how long it has been", limit, async () => {
    const run = scriptOnSpark({ begun: false });
    await withPanel({ runs: () => [run.item] }, async ({ page }) => {
      await page.getByText("local · starting Spark").waitFor();
      await page.getByText("Starting Spark … What is written meanwhile is under Logs.").waitFor();
      // no event comes any more
      await page.locator("header .numbers", { hasText: /^[1-9]\d*\.\d s$/ }).waitFor();
    });
    run.log.close();
  });

  test("shows tasks of a cluster by their stage, and progress in parts where no rows are counted", limit, async () => {
    const run = scriptOnSpark({ begun: true });
    await withPanel({ runs: () => [run.item] }, async ({ page }) => {
      await page.getByRole("button", { name: /^Part 0, driver, running, .* s, stage 0, partition 3$/ }).waitFor();
      await page.locator("header .numbers", { hasText: /^1 \/ 4 parts · \d/ }).waitFor();
      assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "25");
      assert.equal(await page.getByText("What is written meanwhile").count(), 0);
    });
    run.log.close();
  });

  test("shows HTML, terminal escapes and what changes the direction in a log as text", limit, async () => {
    const run = crashedRun();
    await withPanel({ runs: () => [run.item] }, async ({ page }) => {
      await page.getByRole("tab", { name: "Logs 3" }).click();
      await page.getByText("<b>not bold</b> & ␛[31mnot red␛[0m", { exact: true }).waitFor();
      await page.getByText("right to left <U+202E>dlrow", { exact: true }).waitFor();
      assert.equal(await page.locator(".log b").count(), 0);
      const log = await page.locator(".log").boundingBox();
      const rows = await Promise.all((await page.locator(".log-row").all()).map((row) => row.boundingBox()));
      assert.equal(rows.length, 3);
      assert.equal(rows[0]?.y, log?.y, "the first line is at the top");
    });
  });

  test("filters a log by worker, level and text, finds, copies and saves", limit, async () => {
    const run = crashedRun();
    await withPanel({ runs: () => [run.item] }, async ({ page, asked }) => {
      await page.getByRole("tab", { name: "Logs 3" }).click();
      await page.getByText("3 of 3 lines").waitFor();
      await page.getByLabel("Worker").selectOption("2");
      await page.getByText("2 of 3 lines").waitFor();
      await page.getByLabel("Level").selectOption("error");
      await page.getByText("1 of 3 lines").waitFor();
      await page.getByText("it is about to fail").waitFor();
      await page.getByLabel("Level").selectOption("all");
      await page.getByLabel("Worker").selectOption("");
      await page.getByLabel("Filter").fill("not red");
      await page.getByLabel("Filter").press("Enter");
      await page.getByText("1 of 3 lines").waitFor();
      await page.getByLabel("Filter").fill("");
      await page.getByLabel("Filter").press("Enter");
      await page.getByText("3 of 3 lines").waitFor();
      await page.getByLabel("Find").fill("about to");
      await page.getByLabel("Find").press("Enter");
      await page.getByText("line 3", { exact: true }).waitFor();
      await page.locator(".log-row.current", { hasText: "it is about to fail" }).waitFor();
      await page.getByRole("button", { name: "Copy" }).click();
      const copied = asked.find(({ action }) => action === "copy")?.argument;
      assert.match(String(copied), /it is about to fail/);
      await page.getByRole("button", { name: "Save…" }).click();
      assert.equal(asked.at(-1)?.action, "saveLog");
    });
  });

  test(
    "a log is where it was, when its tab is shown again: at its end, or where it was scrolled to",
    limit,
    async () => {
      const run = new WrittenRun({ job: "long", state: "succeeded" });
      run.log.emit(...Array.from({ length: 2000 }, (_, line) => run.line(1, `this is ${line}.`)));
      run.log.emit({ kind: "run.finished", outcome: "succeeded", seconds: 9 });
      run.log.close();
      await withPanel({ runs: () => [run.item] }, async ({ page }) => {
        const logs = page.getByRole("tab", { name: "Logs 2,000" });
        await logs.click();
        await page.getByText("this is 1999.").waitFor();
        await page.getByRole("tab", { name: "Timeline" }).click();
        await logs.click();
        await page.getByText("this is 1999.").waitFor();
        await page.getByLabel("Find").fill("this is 1000.");
        await page.getByLabel("Find").press("Enter");
        await page.locator(".log-row.current", { hasText: "this is 1000." }).waitFor();
        await page.getByRole("tab", { name: "Timeline" }).click();
        await logs.click();
        await page.locator(".log-row.current", { hasText: "this is 1000." }).waitFor();
        assert.equal(await page.getByLabel("Follow").isChecked(), false);
      });
    },
  );

  test("shows the first rows of a result, whose cells are copied", limit, async () => {
    const run = succeededRun();
    await withPanel({ runs: () => [run.item] }, async ({ page, asked }) => {
      await page.getByRole("tab", { name: "Result" }).click();
      await page.getByText("14 rows in").waitFor();
      assert.deepEqual(await page.locator("tbody tr").allInnerTexts(), ["AA\t12", "null\t<i>3</i>"]);
      await page.getByRole("button", { name: "<i>3</i>" }).click();
      assert.deepEqual(asked.at(-1), { action: "copy", argument: "<i>3</i>" });
    });
  });

  test("is used by the keyboard alone", limit, async () => {
    const [crashed, succeeded] = [crashedRun(), succeededRun()];
    await withPanel({ runs: () => [succeeded.item, crashed.item] }, async ({ page, asked }) => {
      await page.getByRole("tab", { name: "Logs 1" }).waitFor();
      await page.keyboard.press("Tab"); // the list of runs
      await page.keyboard.press("ArrowDown");
      await page.getByRole("tab", { name: "Problems 1" }).waitFor();
      await page.keyboard.press("Tab"); // Re-run
      await page.keyboard.press("Tab"); // the tabs
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.getByRole("tab", { name: "Problems 1", selected: true }).waitFor();
      await page.keyboard.press("Tab"); // the first frame
      await page.keyboard.press("Enter");
      const argument = { kind: "open", run: crashed.item.id, file: "src/airports.cpp", line: 41, column: 7 };
      assert.deepEqual(asked, [{ action: "open", argument }]);
    });
  });

  test("shows again what it showed, when its page is made anew", limit, async () => {
    const [crashed, succeeded] = [crashedRun(), succeededRun()];
    const state = { selected: crashed.item.id, tab: "problems" };
    await withPanel({ runs: () => [succeeded.item, crashed.item], state }, async ({ page }) => {
      await page.getByText("route(): worker 2 died of SIGSEGV").waitFor();
    });
  });

  test("leaves a message of another shape, and tells of it", limit, async () => {
    const run = succeededRun();
    await withPanel({ runs: () => [run.item] }, async ({ page, host, asked }) => {
      await page.getByRole("tab", { name: "Logs 1" }).waitFor();
      const errors: string[] = [];
      page.on("console", (message) => void errors.push(message.text()));
      host.receive({ kind: "open", run: 5 });
      assert.equal(asked.at(-1)?.action, "log");
      assert.match(String(asked.at(-1)?.argument), /The panel sent a message that is none/);
      await page.evaluate(() => globalThis.postMessage({ kind: "runs", runs: "all" }, "*"));
      await page.getByRole("tab", { name: "Result" }).click();
      await page.getByText("14 rows in").waitFor();
      assert.ok(errors.some((text) => text.includes("The host sent a message that is none")));
    });
  });

  test("takes a million lines without losing one, with rows only for what is in sight", limit, async () => {
    const run = new WrittenRun({ job: "loud", state: "succeeded" });
    const lines = 1_000_000;
    const sha256 = "0".repeat(64);
    for (const worker of [1, 2]) run.log.emit({ kind: "worker.started", worker, pid: worker, sha256 });
    const padding = "x".repeat(80);
    const text = (line: number) => `line ${line} ${padding}`;
    for (let line = 0; line < lines; line += 10_000) {
      run.log.emit(...Array.from({ length: 10_000 }, (_, index) => run.line(1 + (index % 2), text(line + index))));
    }
    run.log.emit({ kind: "run.finished", outcome: "succeeded", seconds: 9 });
    run.log.close();
    await withPanel({ runs: () => [run.item] }, async ({ page }) => {
      await page.getByRole("tab", { name: "Logs 1.0M" }).click();
      await page.getByText("1,000,000 of 1,000,000 lines").waitFor();
      await page.getByText(text(999_999)).waitFor(); // it follows
      for (const wanted of [0, 123_456, 500_000, 999_998]) {
        await page.locator(".log").press("Home");
        await page.getByText(text(0)).waitFor();
        await page.getByLabel("Find").fill(`line ${wanted} `);
        await page.getByLabel("Find").press("Enter");
        await page.locator(".log-row.current", { hasText: text(wanted) }).waitFor();
      }
      assert.ok((await page.locator(".log-row").count()) <= 200);
      await page.getByLabel("Worker").selectOption("2");
      await page.getByText("500,000 of 1,000,000 lines").waitFor();
    });
  });

  for (const theme of ["dark", "light", "high contrast"] satisfies Theme[]) {
    test(`has no fault that axe finds, in the theme ${theme}`, limit, async () => {
      const [crashed, succeeded] = [crashedRun(), succeededRun()];
      await withPanel({ runs: () => [crashed.item, succeeded.item], theme }, async ({ page }) => {
        for (const tab of ["Timeline", "Logs 3", "Problems 1", "Result"]) {
          await page.getByRole("tab", { name: tab }).click();
          await page.locator(`[role=tab][aria-selected=true]`, { hasText: tab }).waitFor();
          assert.deepEqual(await faultsOf(page), [], tab);
        }
        if (process.env.NATIVE_UDF_SCREENSHOTS) {
          await page.getByRole("tab", { name: "Timeline" }).click();
          await page.screenshot({ path: `/tmp/panel-${theme}.png` });
        }
      });
    });
  }
});
