import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, test } from "node:test";
import type { RunEvent } from "../../../../src/core/events.ts";
import { type LogSize, LogView } from "../../../../src/panel/host/log-view.ts";
import type { LogFilter } from "../../../../src/panel/protocol.ts";
import { EventLog, eventsFile } from "../../../../src/run/event-log.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

type LogLevel = Extract<RunEvent, { kind: "log" }>["level"];

/** A piece that is searched has a mebibyte. */
const manyLines = 60_000;
const everything: LogFilter = { workers: [], levels: [], text: "" };

/** A log as the run of a job writes it, and what the panel shows of it. */
class ShownLog {
  readonly file: string;
  readonly view: LogView;
  readonly log: EventLog;
  readonly sizes: LogSize[] = [];
  #written = 0;

  constructor() {
    const folder = temporaryFolder("log");
    this.file = path.join(folder, eventsFile);
    this.log = new EventLog("20261121-104210-job-a1b2", folder, () => undefined);
    this.log.emit({ kind: "run.queued", job: "worker", target: "local", module: "m", pid: 1 });
    this.view = new LogView(this.file, (size) => this.sizes.push(size));
  }

  /** Lines of the workers 1 and 2 in turn. */
  write(texts: readonly string[], level: LogLevel = "info"): void {
    this.log.emit(
      ...texts.map((text) => ({
        ...{ kind: "log" as const, worker: 1 + (this.#written++ % 2), stream: "stdout" as const, level },
        text,
      })),
    );
  }

  async shows(texts: readonly string[], level?: LogLevel): Promise<this> {
    this.write(texts, level);
    await this.view.finish();
    return this;
  }

  async texts(first = 0): Promise<string[]> {
    return (await this.view.window(first, 500)).map(({ text }) => text);
  }

  find(text: string, from = 0, backward = false): Promise<number | undefined> {
    return this.view.search({ text, from, backward });
  }

  /** The lines that pass a filter by text. */
  async passing(text: string): Promise<string[]> {
    await this.view.setFilter(1, { ...everything, text });
    return this.texts();
  }
}

describe("the log of a run", () => {
  const opened: ShownLog[] = [];
  const open = () => {
    const log = new ShownLog();
    opened.push(log);
    return log;
  };
  afterEach(async () => {
    for (const { view } of opened.splice(0)) await view.close();
  });

  test("every line is found, wherever it lies in the pieces that are searched", async () => {
    const texts = Array.from({ length: manyLines }, (_, line) => `line ${line}: ${"x".repeat((line * 7) % 90)} end`);
    const log = await open().shows(texts);
    for (let line = 0; line < manyLines; line += 997) {
      assert.equal(await log.find(`line ${line}: `), line);
      assert.equal(await log.find(`line ${line}: `, manyLines - 1, true), line);
      assert.equal(await log.find(`line ${line}: `, line + 1), undefined);
      assert.equal(await log.find(`line ${line}: `, line - 1, true), undefined);
    }
    await log.view.setFilter(1, { ...everything, text: "x end" });
    const passing = texts.filter((text) => text.includes("x end"));
    assert.deepEqual(log.sizes.at(-1), { filter: 1, lines: manyLines, passing: passing.length });
    assert.deepEqual(await log.texts(passing.length - 500), passing.slice(-500));
    await log.view.setFilter(2, { ...everything, text: "end" });
    assert.equal(log.sizes.at(-1)?.passing, manyLines, "no line is counted twice or left out");
  });

  test("what ends in the next line is not found", async () => {
    const log = await open().shows(["ab", "cd", "", "bcd"]);
    assert.equal(await log.find("bc"), 3);
    assert.equal(await log.find("abcd"), undefined);
    assert.equal(await log.find("d"), 1);
    assert.equal(await log.find("ab", 3, true), 0);
  });

  test("a line that is longer than a piece is searched to its end", async () => {
    const long = `${"ä".repeat(2 << 20)} the end`;
    const log = await open().shows(["before", long, "the end after it"]);
    assert.equal(await log.find("the end"), 1);
    assert.equal(await log.find("the end", 2), 2);
    assert.equal(await log.find("before", 2, true), 0);
    assert.deepEqual(await log.passing("ä the"), [long]);
  });

  test("upper and lower case are the same, in other alphabets too", async () => {
    const texts = ["ERROR in İstanbul", "Straße", "STRASSE", "ΟΔΟΣ ΟΔΥΣΣΕΑΣ", "300 \u212a", "ärger", "ẞ", "plain"];
    const log = await open().shows(texts);
    const found = async (text: string) => {
      const passing = await log.passing(text);
      return passing.map((line) => texts.indexOf(line));
    };
    assert.deepEqual(await found("error IN"), [0]);
    assert.deepEqual(await found("İSTANBUL"), [0]);
    assert.deepEqual(await found("i̇stanbul"), [0], "İ in lower case is an i with a dot above it");
    assert.deepEqual(await found("stanbul"), [0]);
    assert.deepEqual(await found("STRAßE"), [1]);
    assert.deepEqual(await found("strasse"), [2]);
    assert.deepEqual(await found("ß"), [1, 6]);
    assert.deepEqual(await found("οδοσ"), [3]);
    assert.deepEqual(await found("οδυσσεας"), [3]);
    assert.deepEqual(await found("300 k"), [4], "the sign for kelvin is a K");
    assert.deepEqual(await found("ÄRGER"), [5]);
    assert.deepEqual(await found("PLAIN"), [7]);
  });

  test("a text is found as it is read, not as it stands in the file", async () => {
    const texts = ['say "hello"', "a\\nb", "a\nb", "\u001b[31mred", "tab\tbed", "half \ud83d", "whole 😀"];
    const log = await open().shows(texts);
    for (const [line, text] of texts.entries()) assert.equal(await log.find(text), line);
    assert.equal(await log.find("u001b"), undefined);
    assert.equal(await log.find("nb"), 1);
    assert.equal(await log.find("nb", 2), undefined);
    assert.equal(await log.find("tbed"), undefined);
    for (const other of ["stdout", "worker", "info", "20261121", "kind", "run.queued", '"}']) {
      assert.equal(await log.find(other), undefined, `${other} is in no text`);
    }
  });

  test("among the lines that pass a filter, only these are found", async () => {
    const texts = Array.from({ length: 5000 }, (_, line) => `line ${line} ${line === 4001 ? "here" : "there"}`);
    const log = await open().shows(texts);
    await log.view.setFilter(1, { ...everything, workers: [1] });
    assert.deepEqual(log.sizes.at(-1), { filter: 1, lines: 5000, passing: 2500 });
    assert.equal(await log.find("line 4000"), 2000);
    assert.equal(await log.find(" here"), undefined, "it is a line of the other worker");
    assert.equal(await log.find("there", 2499, true), 2499);
    assert.equal(await log.find("there", 9999, true), 2499, "from behind the last one");
    assert.equal(await log.find("line 10 ", 2499, true), 5);
    log.write(["careful"], "warning");
    await log.view.finish();
    await log.view.setFilter(2, { workers: [1], levels: ["warning"], text: "CARE" });
    assert.deepEqual(await log.texts(), ["careful"]);
    await log.view.setFilter(3, everything);
    assert.deepEqual(log.sizes.at(-1), { filter: 3, lines: 5001, passing: 5001 });
  });

  test("lines that come while it is searched and filtered are there afterwards, once", async () => {
    const text = (line: number) => `line ${line} ${"of many ".repeat(8)}${line % 3 === 0 ? "wanted" : ""}`;
    const texts = Array.from({ length: manyLines }, (_, line) => text(line));
    const log = await open().shows(texts.slice(0, manyLines / 2));
    const filtering = log.view.setFilter(1, { ...everything, text: "wanted" });
    const searching = log.find(`line ${manyLines / 2 - 1} `);
    for (let line = manyLines / 2; line < manyLines; line += 1000) {
      log.write(texts.slice(line, line + 1000));
      log.view.grow();
      if (line % 10_000 === 0) await log.find("line 3 ");
    }
    await filtering;
    assert.equal(await searching, manyLines / 2 - 1);
    await log.view.finish();
    const passing = texts.filter((line) => line.endsWith("wanted"));
    assert.deepEqual(log.sizes.at(-1), { filter: 1, lines: manyLines, passing: passing.length });
    assert.deepEqual(await log.texts(passing.length - 500), passing.slice(-500));
    assert.equal(await log.find(`line ${manyLines - 3} `), passing.length - 1);
  });

  test("a log that is cut is read anew, with the same filter", async () => {
    const log = await open().shows(Array.from({ length: 100 }, (_, line) => `line ${line}`));
    await log.view.setFilter(1, { ...everything, text: "line 2" });
    assert.equal(log.sizes.at(-1)?.passing, 11);
    const lines = readFileSync(log.file, "utf8").split("\n");
    truncateSync(log.file, Buffer.byteLength(lines.slice(0, 5).join("\n")) + 1);
    const [shown] = await log.view.window(10, 1);
    assert.match(shown?.text ?? "", /this line of the log cannot be read/);
    await log.view.finish();
    assert.deepEqual(log.sizes.at(-1), { filter: 1, lines: 4, passing: 1 });
    assert.deepEqual(await log.texts(), ["line 2"]);
    assert.equal(await log.find("line 20"), undefined);
  });

  test("a line is shown when it is whole, and what is none as it stands", async () => {
    const log = await open().shows(["first"]);
    const [, whole = ""] = readFileSync(log.file, "utf8").split("\n");
    const second = whole.replace("first", "second");
    appendFileSync(log.file, second.slice(0, 40));
    await log.view.finish();
    assert.deepEqual(await log.texts(), ["first"]);
    appendFileSync(log.file, `${second.slice(40)}\n${whole.replace('"text":"first"}', '"text":"broken')}\n`);
    await log.view.finish();
    const texts = await log.texts();
    assert.deepEqual(texts.slice(0, 2), ["first", "second"]);
    assert.match(texts[2] ?? "", /^\(this line of the log cannot be read\) .*"text":"broken$/);
    assert.equal(await log.find("broken"), 2);
  });

  test("a line with other fields in another order is read too", async () => {
    const log = open();
    const line = { text: 'say "yes"', level: "error", worker: 7, kind: "log", run: "r", time: "t", seq: 2 };
    const first = {
      seq: 1,
      time: "t",
      run: "r",
      kind: "log",
      text: "Grüße",
      worker: 3,
      stream: "stderr",
      level: "error",
    };
    appendFileSync(log.file, `${JSON.stringify(first)}\n${JSON.stringify({ ...line, stream: "stdout" })}\n`);
    await log.view.finish();
    assert.equal(await log.find("GRÜSSE"), undefined);
    assert.equal(await log.find("grüße"), 0);
    assert.equal(await log.find("YES"), 1);
    await log.view.setFilter(1, { ...everything, levels: ["error"], workers: [7] });
    assert.deepEqual(await log.texts(), ['say "yes"']);
  });

  test("where no file can be made for the search, the log is shown, and a search says why", async () => {
    const log = open();
    const missing = path.join(temporaryFolder("no-tmp"), "missing");
    await withTemporaryFiles(missing, async () => {
      await log.shows(["one", "two"]);
      assert.deepEqual(await log.texts(), ["one", "two"]);
      await log.view.setFilter(1, { ...everything, workers: [2] });
      assert.deepEqual(await log.texts(), ["two"]);
      await assert.rejects(log.find("two"), {
        code: "FILE_UNUSABLE",
        where: missing,
        message: /the log cannot be searched, because the file for it could not be written: ENOENT/,
      });
    });
  });

  test("leaves nothing in the folder for temporary files, even while it is shown", async () => {
    const log = open();
    const folder = temporaryFolder("tmp");
    await withTemporaryFiles(folder, async () => {
      await log.shows(["one"]);
      assert.equal(await log.find("one"), 0);
      assert.deepEqual(readdirSync(folder), []);
    });
  });
});

async function withTemporaryFiles(folder: string, action: () => Promise<void>): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    await action();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
