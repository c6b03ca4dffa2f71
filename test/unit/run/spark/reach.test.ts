import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import type { SparkTarget } from "../../../../src/core/target.ts";
import { addressesOf, refuseUnreachable } from "../../../../src/run/spark/reach.ts";

const { signal } = new AbortController();
const at = (place: Partial<SparkTarget>): SparkTarget => ({ kind: "spark", settings: {}, ...place });

test("a URL of Spark names the places where one must listen", () => {
  assert.deepEqual(addressesOf("spark://a.example:7077,b.example:7078"), [
    { host: "a.example", port: 7077 },
    { host: "b.example", port: 7078 },
  ]);
  assert.deepEqual(addressesOf("sc://host/;user_id=me"), [{ host: "host", port: 15002 }]);
  assert.deepEqual(addressesOf("sc://[::1]:443"), [{ host: "::1", port: 443 }]);
  for (const other of ["local[*]", "local-cluster[2,1,1024]", "yarn", "k8s://https://host:6443", "spark://host"]) {
    assert.deepEqual(addressesOf(other), [], other);
  }
});

test("a target where nothing listens is refused, one of two masters is enough", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  const { port } = address;
  try {
    const both = at({ master: `spark://127.0.0.1:1,127.0.0.1:${port}` });
    await refuseUnreachable({ target: both, environment: {}, signal });
    await assert.rejects(
      refuseUnreachable({ target: at({ master: "spark://127.0.0.1:1" }), environment: {}, signal }),
      { code: "CLUSTER_FAILED", what: "no Spark master answers at 127.0.0.1:1: the connection is refused" },
    );
  } finally {
    server.close();
  }
});

test("a Spark Connect server behind a proxy is not looked for", async () => {
  const target = at({ connect: "sc://127.0.0.1:1" });
  await refuseUnreachable({ target, environment: { HTTPS_PROXY: "proxy.example:3128" }, signal });
  await assert.rejects(refuseUnreachable({ target, environment: {}, signal }), {
    message: /no Spark Connect server answers at 127\.0\.0\.1:1.*Start it there/,
  });
});
