import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { includeEdit, missingHeader } from "../../../src/author/quick-fixes/missing-include.ts";
import type { QuickFix, TextEdit } from "../../../src/author/quick-fixes/quick-fix.ts";
import { quickFixes } from "../../../src/author/quick-fixes/quick-fixes.ts";
import { standardHeader } from "../../../src/author/quick-fixes/standard-headers.ts";
import { parseCompilerOutput } from "../../../src/build/output/compiler.ts";
import { SourcePlaces } from "../../../src/build/output/source-places.ts";

const logs = path.join(import.meta.dirname, "logs");

function applied(source: string, { span, text }: TextEdit): string {
  return source.slice(0, span.start) + text + source.slice(span.end);
}

describe("a header that a compiler misses", () => {
  for (const log of readdirSync(logs).filter((file) => file.endsWith(".log"))) {
    test(`is named for each well-known name, and for no other: ${log}`, () => {
      const text = readFileSync(path.join(logs, log), "utf8");
      const source = readFileSync(path.join(logs, "names.cpp"), "utf8").split("\n");
      const wanted = new Map<number, string>();
      for (const { message, location, related } of parseCompilerOutput(text, new SourcePlaces("/module"))) {
        const { line = 0, column = 1 } = location ?? {};
        const code = source[line - 1]?.slice(column - 1) ?? "";
        const header = missingHeader({ message, notes: related.map((note) => note.message), code });
        if (header !== undefined) wanted.set(line, header);
      }
      const headers = source.map((line) => /\/\/ <(?<header>\w+)>$/.exec(line)?.groups?.header);
      assert.deepEqual(
        [...wanted].sort(([a], [b]) => a - b),
        headers.flatMap((header, index) => (header === undefined ? [] : [[index + 1, header]])),
      );
    });
  }

  test("is not offered for a name of the author's own that the standard library has, too", () => {
    assert.equal(missingHeader({ message: "'count' was not declared in this scope", notes: [], code: "" }), undefined);
    assert.equal(missingHeader({ message: "'count' is not a member of 'std'", notes: [], code: "" }), "algorithm");
    assert.equal(missingHeader({ message: "'count' is not a member of 'Airports'", notes: [], code: "" }), undefined);
    assert.equal(missingHeader({ message: "‘strlen’ was not declared in this scope", notes: [], code: "" }), "cstring");
    assert.equal(standardHeader("constructor"), undefined);
  });

  const cases: [title: string, source: string, header: string, result: string | undefined][] = [
    [
      "goes to its place in the order",
      "#include <udf/udf.h>\n\n#include <cmath>\n#include <string>\n",
      "optional",
      "#include <udf/udf.h>\n\n#include <cmath>\n#include <optional>\n#include <string>\n",
    ],
    [
      "goes before the first",
      "#include <udf/udf.h>\n\n#include <string>\n",
      "cmath",
      "#include <udf/udf.h>\n\n#include <cmath>\n#include <string>\n",
    ],
    [
      "goes behind the last",
      "#include <cmath>\n\nint a;\n",
      "string",
      "#include <cmath>\n#include <string>\n\nint a;\n",
    ],
    ["goes behind a last line without an end", "#include <cmath>", "string", "#include <cmath>\n#include <string>\n"],
    [
      "goes into a block of its own behind headers of other kinds",
      '#include <udf/udf.h>\n#include "a.h"\n',
      "string",
      '#include <udf/udf.h>\n\n#include <string>\n#include "a.h"\n',
    ],
    [
      "goes behind the comment and the pragma at the top",
      "// about\n#pragma once\n\nint a;\n",
      "string",
      "// about\n#pragma once\n\n#include <string>\n\nint a;\n",
    ],
    ["goes to the top", "int a;\n", "string", "#include <string>\n\nint a;\n"],
    ["is there already", '#include "a.h"\n#  include  <string>  // why\n', "string", undefined],
  ];
  for (const [title, source, header, result] of cases) {
    test(title, () => {
      const edit = includeEdit(source, header);
      assert.equal(edit && applied(source, edit), result);
    });
  }
});

describe("a function that a job calls and that is not there", () => {
  const source = 'export default { modules: ["m"], map: "SELECT haversine(a, b), half(a), NEW_one(b) FROM input" };\n';
  const fixesAt = (text: string): QuickFix[] =>
    quickFixes(
      { code: "FUNCTION_UNKNOWN", message: "", notes: [], offset: source.indexOf(text) },
      { source, built: ["haversine_km", "half"], registered: ["haversine_km", "half", "new_one"] },
    );

  test("is written as the nearest that is there", () => {
    const [fix, ...others] = fixesAt("haversine");
    assert.deepEqual(others, []);
    assert.equal(fix?.kind === "rename" && applied(source, fix.edit), source.replace("haversine", "haversine_km"));
  });

  test("waits for a build where a source registers it", () => {
    assert.deepEqual(fixesAt("NEW_one"), [{ kind: "generateStubs" }]);
  });

  test("has no fix where it is there, is far from all, or is not called at that place", () => {
    assert.deepEqual(fixesAt("half"), []);
    assert.deepEqual(fixesAt("modules"), []);
    const context = { source, built: ["entirely_different"], registered: [] };
    const finding = { code: "FUNCTION_UNKNOWN", message: "", notes: [], offset: source.indexOf("haversine") };
    assert.deepEqual(quickFixes(finding, context), []);
  });
});

test("a crash can be looked at with sanitizers", () => {
  const finding = { code: "WORKER_CRASHED", message: "", notes: [], offset: 0 };
  assert.deepEqual(quickFixes(finding, { source: "", built: [], registered: [] }), [{ kind: "sanitize" }]);
});

test("a stub that does not fit its artifact is generated again", () => {
  const finding = { code: "ARTIFACT_MISMATCH", message: "", notes: [], offset: 0 };
  assert.deepEqual(quickFixes(finding, { source: "", built: [], registered: [] }), [{ kind: "generateStubs" }]);
});
