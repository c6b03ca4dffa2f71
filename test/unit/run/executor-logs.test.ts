import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { after, test } from "node:test";
import { ExecutorLogs } from "../../../src/run/spark/executor-logs.ts";
import { until } from "../../support/until.ts";

async function served(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** As a worker of a standalone cluster: it gives the logs of its executors, but those that are null get no answer. */
async function worker(texts: Record<string, string | null>) {
  const asked: Record<string, number> = {};
  const root = await served((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://worker");
    const executor = searchParams.get("executorId") ?? "";
    asked[executor] = (asked[executor] ?? 0) + 1;
    const text = texts[executor];
    if (text === null || text === undefined) return;
    const offset = Math.min(text.length, Number(searchParams.get("offset")));
    response.end(`==== Bytes ${offset}-${text.length} of ${text.length} of /work/stderr ====\n${text.slice(offset)}`);
  });
  const page = (executor: string) => `${root}/logPage/?appId=app-1&executorId=${executor}&logType=stderr`;
  return { root, page, asked: (executor: string) => asked[executor] ?? 0 };
}

function followed() {
  const told: string[] = [];
  const logs = new ExecutorLogs((executor, lines) => told.push(...lines.map((line) => `${executor}: ${line}`)));
  return { logs, told };
}

test("a log that may not be read is told once, and is not asked for again and again", async () => {
  let asked = 0;
  /** As a node manager of YARN that wants to know who asks. */
  const root = await served((request, response) => {
    asked++;
    const isLog = request.url?.startsWith("/ws/v1/node/containers/container_1_01_000002/logs/stderr");
    response.writeHead(isLog ? 401 : 500).end();
  });
  const { logs, told } = followed();
  logs.add("1", `${root}/node/containerlogs/container_1_01_000002/ada/stderr?start=-4096`);
  logs.add("2", "https://kubernetes.example/another/kind/of/page");
  await until(() => asked === 3);
  await logs.catchUp();
  await logs.close();
  assert.equal(asked, 3);
  const url = `${root}/ws/v1/node/containers/container_1_01_000002/logs/stderr`;
  assert.deepEqual(told, [`1: its log at ${url} cannot be read: the answer is 401 Unauthorized`]);
});

test("a machine that never answers keeps no other log back, and is told once", async () => {
  const texts: Record<string, string | null> = { answers: "one\n", silent: null };
  const { root, page, asked } = await worker(texts);
  const { logs, told } = followed();
  logs.add("silent", page("silent"));
  logs.add("answers", page("answers"));
  await until(() => asked("silent") >= 1 && asked("answers") >= 4);
  assert.deepEqual(told, ["answers: one"]);
  texts.answers += "two\n";
  await until(() => told.includes("answers: two"));
  assert.equal(asked("silent"), 1); // the first look still waits
  texts.answers += "three\nhalf a line";
  await logs.catchUp();
  const url = `${root}/log/?appId=app-1&executorId=silent&logType=stderr`;
  const unread = `silent: its log at ${url} cannot be read: no answer came within 5 seconds`;
  assert.deepEqual(told.toSorted(), ["answers: one", "answers: three", "answers: two", unread]);
  await until(() => asked("silent") >= 2);
  texts.answers += " and the rest";
  await logs.close(); // while the second look waits
  assert.equal(told.at(-1), "answers: half a line and the rest");
  assert.equal(asked("silent"), 2);
});

test("the log of an executor that is gone is read once more, and never asked for again", async () => {
  const texts: Record<string, string | null> = { stays: "", goes: "at work\n", short: "came and went" };
  const { page, asked } = await worker(texts);
  const { logs, told } = followed();
  logs.add("stays", page("stays"));
  logs.add("goes", page("goes"));
  await until(() => told.includes("goes: at work"));
  texts.goes += "terminate called\nAborted";
  logs.gone("goes");
  // one that has ended before it was heard of
  logs.add("short", page("short"));
  logs.gone("short");
  await until(() => told.length === 4);
  assert.deepEqual(told.toSorted(), [
    "goes: Aborted",
    "goes: at work",
    "goes: terminate called",
    "short: came and went",
  ]);
  const [goes, stays] = [asked("goes"), asked("stays")];
  logs.add("goes", page("goes"));
  await until(() => asked("stays") >= stays + 3);
  await logs.catchUp();
  await logs.close();
  assert.equal(asked("goes"), goes);
  assert.equal(asked("short"), 1);
  assert.equal(told.length, 4);
});

test("a log that cannot be told leaves the others as they are", async () => {
  const { page, asked } = await worker({ full: "no room for this\n", other: "told\n" });
  const told: string[] = [];
  const logs = new ExecutorLogs((executor, lines) => {
    if (executor === "full") throw new Error("no space left on device");
    told.push(...lines);
  });
  logs.add("full", page("full"));
  logs.add("other", page("other"));
  await until(() => asked("full") >= 2 && asked("other") >= 2);
  await logs.catchUp();
  await logs.close();
  assert.deepEqual(told, ["told"]);
});
