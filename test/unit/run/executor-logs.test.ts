import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { ExecutorLogs } from "../../../src/run/spark/executor-logs.ts";
import { until } from "../../support/until.ts";

let asked = 0;
/** As a node manager of YARN that wants to know who asks. */
const server = createServer((request, response) => {
  asked++;
  response
    .writeHead(request.url?.startsWith("/ws/v1/node/containers/container_1_01_000002/logs/stderr") ? 401 : 500)
    .end();
}).listen(0, "127.0.0.1");
after(() => server.close());

test("a log that may not be read is told once, and is not asked for again and again", async () => {
  await once(server, "listening");
  const address = server.address();
  const root = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const told: string[] = [];
  const logs = new ExecutorLogs((executor, lines) => told.push(...lines.map((line) => `${executor}: ${line}`)));
  logs.add("1", `${root}/node/containerlogs/container_1_01_000002/ada/stderr?start=-4096`);
  logs.add("2", "https://kubernetes.example/another/kind/of/page");
  await until(() => asked === 3);
  await logs.catchUp();
  await logs.close();
  assert.equal(asked, 3);
  const url = `${root}/ws/v1/node/containers/container_1_01_000002/logs/stderr`;
  assert.deepEqual(told, [`1: its log at ${url} cannot be read: the answer is 401 Unauthorized`]);
});
