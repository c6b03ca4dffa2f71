import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { delay_band, haversine_km, route, route_key } from "../stubs/flight_features.ts";

describe("haversine_km", () => {
  test("gives a quarter of the equator for 90 degrees", () => {
    // mean radius of the Earth, IUGG: 6371.0088 km
    assert.ok(Math.abs((haversine_km(0, 0, 0, 90) ?? 0) - (6371.0088 * Math.PI) / 2) < 1e-6);
  });

  test("gives null for a null", () => {
    assert.equal(haversine_km(null, 0, 0, 0), null);
  });
});

describe("route", () => {
  test("knows how far apart two airports are", () => {
    const found = route("JFK", "LAX");
    // 3,983 km on the great circle
    assert.ok(found && Math.abs(found.km - 3983) < 10);
    assert.equal(found.band, 3);
  });

  test("is null for an airport that is not in the config file", () => {
    assert.equal(route("JFK", "???"), null);
  });
});

test("route_key names both directions alike", () => {
  assert.equal(route_key("LAX", "JFK"), "JFK-LAX");
  assert.equal(route_key("JFK", "LAX"), "JFK-LAX");
});

test("delay_band tells an unknown delay from none", () => {
  assert.deepEqual([null, 0n, 15n, 60n, 61n].map(delay_band), [-1, 0, 1, 2, 3]);
});
