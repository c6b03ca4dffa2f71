import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import * as z from "zod";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { Functions, openDoor } from "./node-host.ts";

const answersSchema = z.array(
  z.union([
    z.object({ value: z.unknown() }),
    z.object({ code: z.string(), message: z.string(), config: z.string().optional() }),
  ]),
);
type Step = readonly ["configure", string, string] | readonly ["prepare"] | readonly ["call", number, ...unknown[]];

/** Does the steps in a fresh process, since a process makes each object once. */
const program = `
  const [artifact, steps] = process.argv.slice(1);
  const module = { exports: {} };
  process.dlopen(module, artifact);
  const answers = JSON.parse(steps).map(([name, ...args]) => {
    try { return { value: module.exports[name](...args) ?? null }; }
    catch ({ code, message, config }) { return { code, message, config }; }
  });
  process.stdout.write(JSON.stringify(answers));`;

/** Objects that are made from config files, and what is said of broken ones. */
export function configTests(artifact: string): void {
  const functions = new Functions(openDoor(artifact));
  const call = (name: string, ...args: unknown[]): Step => ["call", functions.index(name), ...args];
  const inFreshProcess = async (steps: readonly Step[]) => {
    const { stdout } = await execa(process.execPath, ["--eval", program, artifact, JSON.stringify(steps)]);
    return answersSchema.parse(JSON.parse(stdout));
  };
  const folder = temporaryFolder("sdk-config");
  const file = (name: string, text: string) => {
    mkdirSync(folder, { recursive: true });
    const full = path.join(folder, name);
    writeFileSync(full, text);
    return full;
  };

  test("one object is made for each class and config, and all functions share it", async () => {
    const good = file("good.csv", "key,value\na,1\n");
    const answers = await inFreshProcess([
      ["configure", "table.csv", good],
      call("table_serial", 0),
      call("table_serial", 0),
      call("find", "a"),
      call("counter_serial", 0),
      ["configure", "other.csv", good],
      call("other_serial", 0),
      ["prepare"],
      call("table_serial", 0),
      call("counter_serial", 0),
    ]);
    assert.deepEqual(
      answers.map((answer) => ("value" in answer ? answer.value : answer)),
      [null, 1, 1, 1, 1, null, 2, null, 1, 1],
    );
  });

  test("the CSV reader takes quotes, CRLF, a byte-order mark and columns in any order", async () => {
    const text = '\ufeffother,value,key\r\nx,0.5,plain\r\n"a,b",-2e3,"has, ""quotes"" and\r\na line"\r\n\r\n,7,last';
    const answers = await inFreshProcess([
      ["configure", "table.csv", file("quotes.csv", text)],
      call("find", "plain"),
      call("find", 'has, "quotes" and\r\na line'),
      call("find", "last"),
      call("find", "nothing"),
    ]);
    assert.deepEqual(
      answers.map((answer) => ("value" in answer ? answer.value : answer)),
      [null, 0.5, -2000, 7, null],
    );
  });

  test("a broken config names its file and line, and prepare() finds it before any row", async () => {
    const other = file("fine.csv", "key,value\n");
    const cases: [string, string][] = [
      ["", "1: the line of column names is missing"],
      ["key;value\n", '1: there is no column "key"; there is: key;value'],
      ["key,value\na,1\nb\n", "3: the row has 1 fields, and there are 2 columns"],
      ['key,value\n"a\nb",1\nc,much\n', '4: value: "much" is not a number'],
      ["key,value\na,1x\n", '2: value: "1x" is not a number'],
      ["key,value\na,\n", '2: value: "" is not a number'],
      ['key,value\n"a,1\n', "2: a quoted field has no end"],
      ['key,value\n"a"b,1\n', "2: a quoted field goes on after its closing quote"],
      ["key,value\nwhole,1.5\n", '2: value: "1.5" is not an integer'],
      ["key,value\nrefused,1\n", "2: key: is refused"],
    ];
    for (const [index, [text, reason]] of cases.entries()) {
      const broken = file(`broken-${index}.csv`, text);
      const steps: Step[] = [["configure", "table.csv", broken], ["configure", "other.csv", other], ["prepare"]];
      const error = { code: "UDF_CONFIG_ERROR", config: "table.csv", message: `${broken}:${reason}` };
      assert.deepEqual((await inFreshProcess(steps)).at(-1), error);
    }
  });

  test("a config that is missing, unknown or refused by its class is said so, and may be corrected", async () => {
    const missing = path.join(folder, "missing.csv");
    const boom = file("boom.csv", "key,value\nboom,1\n");
    const good = file("good.csv", "key,value\na,1\n");
    const answers = await inFreshProcess([
      call("find", "a"),
      ["configure", "table.csv", missing],
      call("find", "a"),
      ["configure", "table.csv", folder],
      call("find", "a"),
      ["configure", "table.csv", boom],
      call("find", "a"),
      ["configure", "table.csv", good],
      call("find", "a"),
    ]);
    const messages = answers
      .filter((_, index) => index % 2 === 0)
      .map((answer) => ("message" in answer ? answer.message : answer.value));
    assert.deepEqual(messages, [
      'table.csv: nobody said where this config file lies; call configure("table.csv", path) before the functions that use it',
      `${missing}: cannot be read: No such file or directory`,
      `${folder}: cannot be read: Is a directory`,
      "table.csv: boom from table.csv",
      1,
    ]);
  });

  test("a config that is in use cannot be taken from another file", async () => {
    const good = file("good.csv", "key,value\na,1\n");
    const other = file("other.csv", "key,value\na,2\n");
    const answers = await inFreshProcess([
      ["configure", "table.csv", good],
      call("find", "a"),
      ["configure", "table.csv", good],
      ["configure", "table.csv", other],
    ]);
    assert.deepEqual(answers.slice(0, 3), [{ value: null }, { value: 1 }, { value: null }]);
    const message = `table.csv is already in use from ${good}, so ${other} would be ignored; a process reads a config file once`;
    assert.deepEqual(answers[3], { code: "UDF_CONFIG_ERROR", config: "table.csv", message });
  });
}
