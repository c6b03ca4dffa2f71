import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { findRegistrations } from "../../../src/author/registrations.ts";
import { projectRoot } from "../../support/command-line.ts";

function template(file: string): string {
  return readFileSync(path.join(projectRoot, "native-template", file), "utf8");
}

const names = (source: string) => findRegistrations(source).map(({ name }) => name);

describe("functions that a C++ source registers", () => {
  test("are found in both templates, with the place of the name and of the statement", () => {
    const source = template("src/flight_features.cpp");
    const found = findRegistrations(source);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["haversine_km", "route", "route_key", "delay_band"],
    );
    for (const { name, span, start } of found) {
      assert.equal(source.slice(span.start, span.end), `"${name}"`);
      assert.equal(source.slice(start, start + 6), "m.row<");
    }
    assert.deepEqual(names(template("blank/src/flight_features.cpp")), ["fahrenheit", "initials"]);
    assert.deepEqual(names(template("src/airports.cpp")), []);
  });

  const inModule = (body: string) => `#include <udf/udf.h>\nUDF_MODULE(a, m) {\n${body}\n}\n`;
  const cases: [title: string, source: string, found: string[]][] = [
    ["over several lines", inModule('m\n .row <\n  f\n >\n (\n  "a"\n , "x"_a);'), ["a"]],
    ["but not in a line comment", inModule('// m.row<f>("no");\nm.row<f>("a");'), ["a"]],
    ["but not in a comment that a backslash carries on", inModule('// so \\\nm.row<f>("no");\nm.row<f>("a");'), ["a"]],
    ["but not in a block comment, which does not nest", inModule('/* /* m.row<f>("no"); */ m.row<f>("a");'), ["a"]],
    [
      "but not in a string or raw string",
      inModule('f("m.row<f>(\\"no\\")"); f(R"x(m.row<f>("no") )" )x"); m.row<f>("a");'),
      ["a"],
    ],
    ["but not where the preprocessor leaves it out", inModule('#if 0\nm.row<f>("no");\n#endif\nm.row<f>("a");'), ["a"]],
    ["behind characters and numbers with quotes", inModule("f('\"', 1'000'000, L'\\''); m.row<f>(\"a\");"), ["a"]],
    [
      "with an overload that is picked by a cast",
      inModule('m.row<static_cast<double (*)(double, int)>(f)>("a");'),
      ["a"],
    ],
    ["with a function template", inModule('m.row<f<std::vector<std::pair<int, int>>>>("a");'), ["a"]],
    ["with a comparison in brackets", inModule('m.row<(1 > 0 ? f : g)>("a");'), ["a"]],
    ["with a lambda", inModule('m.row<[](double x) { return x < 1 ? x : 1; }>("a", "x"_a);'), ["a"]],
    ["with a name in a raw string or in two pieces", inModule('m.row<f>(R"(a)"); m.row<f>("b" "c");'), ["a", "bc"]],
    ["whatever the module is called", 'UDF_MODULE(a, module) { module.row<f>("a"); m.row<f>("no"); }', ["a"]],
    ["in a function that the module is handed to", 'void more(udf::Module& part) { part.row<f>("a"); }', ["a"]],
    ["but not of another object's member", inModule('x.m.row<f>("no"); m.rows<f>("no"); m.row("no");'), []],
    [
      "before the statement that is being written",
      inModule('m.row<f>("a");\nm.row<g;\nm.row<h>("b");\nm.row<'),
      ["a", "b"],
    ],
    ["in an empty file", "", []],
  ];
  for (const [title, source, found] of cases) test(title, () => assert.deepEqual(names(source), found));

  test("are found in time that grows with the source, also where nothing is closed", () => {
    for (const open of ['"', "/*", 'R"(', "'", "m.row<", "(", "\\"]) {
      const source = inModule(open.repeat(10_000));
      assert.deepEqual(names(source), []);
    }
  });
});
