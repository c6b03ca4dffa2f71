import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { projectRoot } from "../support/command-line.ts";
import { pythons } from "../support/python.ts";
import { buildAlone, copyTemplate } from "./sdk/module-copy.ts";
import { Functions, openDoor } from "./sdk/node-host.ts";
import { columnOf, inPython } from "./sdk/python-host.ts";

const folder = copyTemplate("flights");
const airportsFile = path.join(folder, "config", "airports.csv");
mkdirSync(path.dirname(airportsFile), { recursive: true });
copyFileSync(path.join(projectRoot, "node_modules", "vega-datasets", "data", "airports.csv"), airportsFile);
const artifact = await buildAlone(folder, "flight_features");
const door = openDoor(artifact);
const functions = new Functions(door);
const call = (name: string, ...args: unknown[]) => door.call(functions.index(name), ...args);
door.configure("airports.csv", airportsFile);

type Place = { lat: number; lon: number };
const airports = new Map<string, Place>(
  readFileSync(airportsFile, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","))
    .map((fields) => [fields[0] ?? "", { lat: Number(fields.at(-2)), lon: Number(fields.at(-1)) }]),
);

/** Great-circle distance by the spherical law of cosines: another formula than the module's two. */
function kilometres(from: Place, to: Place): number {
  const [lat1, lon1, lat2, lon2] = [from.lat, from.lon, to.lat, to.lon].map((degrees) => (degrees * Math.PI) / 180);
  assert.ok(lat1 !== undefined && lon1 !== undefined && lat2 !== undefined && lon2 !== undefined);
  const cosine = Math.sin(lat1) * Math.sin(lat2) + Math.cos(lat1) * Math.cos(lat2) * Math.cos(lon2 - lon1);
  return 6371.0088 * Math.acos(Math.min(1, cosine));
}

const near = (actual: unknown, expected: number) =>
  assert.ok(typeof actual === "number" && Math.abs(actual - expected) < 1e-3, `${String(actual)} is not ${expected}`);

/** Runs cmake itself in a module's folder, with nothing of the user's settings. Gives what it printed as warnings. */
async function cmake(cwd: string, ...args: string[]): Promise<string> {
  const env = { HOME: cwd, PATH: process.env.PATH ?? "", LC_ALL: "C" };
  return (await execa("cmake", args, { cwd, env, extendEnv: false })).stderr;
}

test("every function of the module has a doc", () => {
  const names = ["haversine_km", "route", "route_key", "delay_band"];
  for (const name of names) assert.notEqual(functions.get(name).doc, "");
});

test("another folder, built by the CMake preset alone, gives the same bytes as cmake-js, without paths of the machine", async () => {
  const other = copyTemplate("flights-with-a-longer-name");
  await cmake(other, "--preset", "release");
  assert.equal(await cmake(other, "--build", "--preset", "release"), "", "the build must print no warnings");
  const bytes = readFileSync(path.join(other, "build", "release", "flight_features.udf.so"));
  assert.ok(bytes.equals(readFileSync(artifact)), "the bytes must be those of the first build");
  for (const secret of [folder, other, projectRoot]) assert.equal(bytes.includes(secret), false, secret);
});

test("make builds a debug version", async () => {
  const other = copyTemplate("flights-debug");
  await cmake(other, "-S", ".", "-B", "build", "-G", "Unix Makefiles", "-DCMAKE_BUILD_TYPE=Debug");
  await cmake(other, "--build", "build", "--parallel", "2");
  const debug = openDoor(path.join(other, "build", "flight_features.udf.so"));
  assert.equal(debug.describe(), door.describe());
  assert.equal(debug.call(functions.index("route_key"), "b", "a"), "a-b");
});

test("the object shows exactly the doors, and needs only what every Linux has", async () => {
  const symbols = await execa("nm", ["--dynamic", "--defined-only", "--format=just-symbols", artifact]);
  assert.deepEqual(symbols.stdout.split("\n").sort(), [
    "PyInit_flight_features",
    "napi_register_module_v1",
    "node_api_module_get_api_version_v1",
    ...["udf_call_arrow", "udf_configure", "udf_describe", "udf_error_frames", "udf_prepare", "udf_watch"],
  ]);
  const { stdout } = await execa("readelf", ["--dynamic", "--wide", artifact], { env: { LC_ALL: "C" } });
  const needed = [...stdout.matchAll(/NEEDED.*\[(.*)\]/g)].map(([, library]) => library);
  for (const library of needed) assert.match(library ?? "", /^(libc|libm|ld-linux-[\w-]+)\.so\.\d$/);
  assert.doesNotMatch(stdout, /RPATH|RUNPATH|TEXTREL/);
  assert.match(stdout, /BIND_NOW/);
});

test("distances agree with the law of cosines, and route() with haversine_km()", () => {
  for (const [from, to] of [
    ["ABE", "ATL"],
    ["LAX", "JFK"],
    ["HNL", "BOS"],
    ["SEA", "MIA"],
    ["MDW", "ORD"],
  ]) {
    const [a, b] = [airports.get(from ?? ""), airports.get(to ?? "")];
    assert.ok(a && b);
    const expected = kilometres(a, b);
    near(call("haversine_km", a.lat, a.lon, b.lat, b.lon), expected);
    const route = call("route", from, to);
    assert.ok(typeof route === "object" && route !== null && "km" in route && "band" in route);
    near(route.km, expected);
    assert.equal(route.band, [500, 1500, 3000].filter((limit) => expected >= limit).length);
  }
  near(call("haversine_km", 0, 0, 0, 180), 6371.0088 * Math.PI);
  assert.equal(call("haversine_km", 12, 34, 12, 34), 0);
});

test("route() is null for airports that nobody knows, and exact about codes", () => {
  assert.deepEqual(call("route", "ABE", "ABE"), { km: 0, band: 0 });
  for (const code of ["", "???", "AB", "ABE\0", "abe", "much too long for a code"]) {
    assert.equal(call("route", code, "ATL"), null);
    assert.equal(call("route", "ATL", code), null);
  }
  assert.notEqual(call("route", "11IS", "ATL"), null);
});

test("route_key() and delay_band() do as their docs say", () => {
  assert.equal(call("route_key", "ATL", "ABE"), "ABE-ATL");
  assert.equal(call("route_key", "ABE", "ATL"), "ABE-ATL");
  const bands = [null, -1116, 0, 1, 15, 16, 60, 61, 1688].map((minutes) => call("delay_band", minutes));
  assert.deepEqual(bands, [-1, 0, 0, 1, 1, 2, 2, 3, 3]);
});

test("the same bytes give the same bits in every Python as in Node", async () => {
  const pairs = [...airports.keys()]
    .filter((_, index) => index % 170 === 0)
    .flatMap((a, _, all) => all.map((b) => [a, b]));
  const fixed = Float64Array.from(pairs, ([a, b]) => {
    const route = call("route", a, b);
    assert.ok(typeof route === "object" && route !== null && "km" in route && typeof route.km === "number");
    return route.km;
  });
  const column = (side: 0 | 1) => {
    const texts = pairs.map((pair) => pair[side] ?? "");
    const offsets = Int32Array.from([0, ...texts.map((_, row) => texts.slice(0, row + 1).join("").length)]);
    const data = new Uint8Array(Buffer.from(texts.join("")));
    return { format: "u", length: texts.length, buffers: [null, new Uint8Array(offsets.buffer), data] };
  };
  const found = await pythons();
  assert.ok(found.length > 0, "the tests need Python 3.10 or later");
  for (const { command } of found) {
    const [, answer] = await inPython({ command, module: "flight_features", artifact }, [
      { do: "configure", arguments: ["airports.csv", airportsFile] },
      { do: "columns", index: functions.index("route"), arrays: [column(0), column(1)] },
    ]);
    const { values } = columnOf(answer);
    const python = values.map((value) => (Array.isArray(value) ? parseHex(String(value[0])) : Number.NaN));
    assert.deepEqual(Float64Array.from(python), fixed);
  }
});

/** What Python's float.hex() wrote. */
function parseHex(text: string): number {
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text) ?? [];
  assert.notEqual(exponent, "", text);
  const digits = Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -digits : digits;
}
