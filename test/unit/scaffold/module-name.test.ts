import assert from "node:assert/strict";
import { test } from "node:test";
import { UdfError } from "../../../src/core/error.ts";
import { moduleName } from "../../../src/scaffold/module-name.ts";

test("a folder's name becomes an identifier of C++ and Python", () => {
  const names = {
    "/x/flight_features": "flight_features",
    "/x/My Features": "my_features",
    "/x/flight-features.v2": "flight_features_v2",
    "/x/2024 scores!": "scores",
    "/x/Mein Möbel Ordner": "mein_mobel_ordner",
  };
  for (const [folder, name] of Object.entries(names)) assert.equal(moduleName(folder, undefined), name);
});

test("a name that is given is taken as it is, or refused", () => {
  assert.equal(moduleName("/x/anything", "scores"), "scores");
  for (const name of ["", "Scores", "2nd", "my-scores", "a b", "class", "import", "int", "json"])
    refused(() => moduleName("/x/a", name));
});

test("a folder whose name gives no identifier needs a name", () => {
  refused(() => moduleName("/x/2024", undefined));
  refused(() => moduleName("/x/über-alles/日本", undefined));
  assert.equal(moduleName("/x/2024", "scores"), "scores");
});

function refused(action: () => string): void {
  assert.throws(action, (error) => error instanceof UdfError && error.code === "USAGE" && /--name/.test(error.message));
}
