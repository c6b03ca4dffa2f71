import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { UdfError } from "../../../src/core/error.ts";
import { targetOfUrl } from "../../../src/core/target.ts";
import { findTarget } from "../../../src/module/find-target.ts";
import { loadModule } from "../../../src/module/load-module.ts";
import { settingsOf, writeProperties } from "../../../src/run/spark/settings.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function moduleWith(targets: unknown) {
  const root = path.join(temporaryFolder("targets"), "m");
  mkdirSync(root);
  writeFileSync(path.join(root, "native-udf.json"), JSON.stringify({ name: "m", targets }));
  return loadModule(root);
}

const refused = (targets: unknown, says: RegExp) =>
  assert.throws(
    () => moduleWith(targets),
    (error) => error instanceof UdfError && error.code === "MODULE_INVALID" && says.test(error.message),
  );

test("a module's targets are found by name, beside local and spark; a Spark URL is one too", () => {
  const module = moduleWith({ cluster: { kind: "spark", master: "yarn" } });
  const names = ["local", "spark", "cluster", "local[2]", "spark://host:7077", "sc://host:15002", "k8s://https://host"];
  for (const name of names) assert.equal(findTarget(module, name).name, name);
  const own = findTarget(moduleWith({ spark: { kind: "spark", connect: "sc://host" } }), "spark");
  assert.equal(own.kind === "spark" && own.spark.connect, "sc://host");
});

test("a target that there is not is told with those that there are", () => {
  const module = moduleWith({ cluster: { kind: "spark", master: "yarn" } });
  assert.throws(
    () => findTarget(module, "clustr"),
    /there is no target "clustr".*Did you mean "cluster".*local, spark, cluster/,
  );
  assert.equal(targetOfUrl("http://host"), undefined);
});

test("a target that makes no sense is refused, with its field", () => {
  refused({ a: { kind: "spark", master: "yarn", connect: "sc://host" } }, /both master and connect/);
  refused({ a: { kind: "spark", connect: "http://host" } }, /must begin with sc:\/\//);
  refused({ a: { kind: "spark", settings: { executor: "1g" } } }, /name must begin with spark\..*settings\.executor/);
  refused({ local: { kind: "spark" } }, /a target's name is not local/);
  refused({ a: { kind: "spark", token: { environment: "T" } } }, /a token, which only connect takes/);
  refused({ a: { kind: "yarn" } }, /spark/);
});

test("a credential is refused in the file, and taken from the environment", () => {
  refused(
    { a: { kind: "spark", settings: { "spark.hadoop.fs.s3a.secret.key": "x" } } },
    /credential, which belongs in no file/,
  );
  refused(
    { a: { kind: "spark", settings: { "spark.kubernetes.authenticate.oauthToken": "x" } } },
    /credential, which belongs in no file/,
  );
  refused({ a: { kind: "spark", connect: "sc://host:15002/;token=abc" } }, /holds a credential/);
  const settings = { "spark.hadoop.fs.s3a.secret.key": { environment: "MY_SECRET" }, "spark.executor.cores": 2 };
  const target = findTarget(moduleWith({ a: { kind: "spark", settings } }), "a");
  assert.ok(target.kind === "spark");
  const given = settingsOf(target.spark, { MY_SECRET: "s3 cret" });
  assert.equal(given["spark.hadoop.fs.s3a.secret.key"], "s3 cret");
  assert.equal(given["spark.executor.cores"], "2");
  assert.throws(() => settingsOf(target.spark, {}), /the environment variable MY_SECRET is not set/);
});

test("a driver that is to run elsewhere is refused", () => {
  refused(
    { a: { kind: "spark", master: "yarn", settings: { "spark.submit.deployMode": "cluster" } } },
    /must be "client"/,
  );
});

test("a setting that only says where a credential is, or how it is got, stands in the file", () => {
  const settings = {
    "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.profile.ProfileCredentialsProvider",
    "spark.hadoop.hadoop.security.credential.provider.path": "jceks://file/home/me/keys.jceks",
    "spark.kubernetes.authenticate.oauthTokenFile": "/var/run/secrets/token",
    "spark.kubernetes.executor.secrets.features": "/etc/secrets",
    "spark.kubernetes.executor.secretKeyRef.KEY": "features:key",
    "spark.security.credentials.hive.enabled": "false",
  };
  const target = findTarget(moduleWith({ a: { kind: "spark", settings } }), "a");
  assert.ok(target.kind === "spark");
  const given = settingsOf(target.spark, {});
  for (const [name, value] of Object.entries(settings)) assert.equal(given[name], value);
});

test("settings go to spark-submit in a file that only its owner reads, with every sign as it was", () => {
  const file = path.join(temporaryFolder("properties"), "spark.properties");
  writeProperties(file, { "spark.a": "C:\\x = y #1!", "spark.b": "naïve\nline" });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  // the format's own rules, see java.util.Properties
  const read = Object.fromEntries(
    readFileSync(file, "latin1")
      .trimEnd()
      .split("\n")
      .map((line) => /^((?:[^\\=]|\\.)*)=(.*)$/.exec(line)?.slice(1).map(unescaped) ?? []),
  );
  assert.deepEqual(read, { "spark.a": "C:\\x = y #1!", "spark.b": "naïve\nline" });
});

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, sign: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return sign === "n" ? "\n" : sign;
  });
}
