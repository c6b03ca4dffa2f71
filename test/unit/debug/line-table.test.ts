import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLineTable } from "../../../src/debug/line-table.ts";
import { refusalOf, whyUnbound } from "../../../src/debug/unbound.ts";

/* What readelf 2.40 prints with --wide --debug-dump=decodedline, shortened. */
const printed = `Contents of the .debug_line section:

CU: ./src/route.cpp:
File name                            Line number    Starting address    View    Stmt
route.cpp                                      8             0x3db0c               x
route.cpp                                     10             0x3db28               x

./src/route.h:
route.h                                        4             0x3db35               x

./src/route.cpp:
route.cpp                                      9             0x3db43               x
route.cpp                                      8             0x3db4f               x
route.cpp                                      -             0x3db5b
`;
/** The head names the unit's file, the rows are a header's. */
const headOfUnit = `CU: ./src/route.cpp:
File name                            Line number    Starting address    View    Stmt
c++config.h                                  517              0x6ea9               x
`;
const table = parseLineTable(printed);
const at = (file: string, line: number) => whyUnbound({ file: `/module/${file}`, line }, { root: "/module", table });

test("each file has the lines of all its pieces, once and in order", () => {
  assert.deepEqual(
    [...table],
    [
      ["src/route.cpp", [8, 9, 10]],
      ["src/route.h", [4]],
    ],
  );
});

test("rows of a header below the head of a unit are no lines of the unit's file", () => {
  assert.deepEqual([...parseLineTable(`${headOfUnit}\n${printed}`)], [...table]);
});

test("a line without code names the nearest lines with code on both sides, or on the one that has some", () => {
  assert.equal(at("src/route.cpp", 2), "Line 2 has no code. The nearest line that has some: 8.");
  assert.equal(at("src/route.h", 9), "Line 9 has no code. The nearest line that has some: 4.");
  const gap = parseLineTable(printed.replaceAll("         9   ", "        20   "));
  assert.equal(
    whyUnbound({ file: "/module/src/route.cpp", line: 15 }, { root: "/module", table: gap }),
    "Line 15 has no code. The nearest lines that have some: 10 and 20.",
  );
});

test("a file that has no code, and a line that has some and was not found, are told apart", () => {
  assert.match(at("src/other.cpp", 1), /^src\/other\.cpp is in no code of the module/);
  assert.match(at("src/route.cpp", 9), /^The debugger did not find line 9/);
});

test("what is no C++, and what lies outside of the module, is refused before anybody is asked", () => {
  assert.match(refusalOf("/module", "/module/jobs/a.job.ts") ?? "", /^Only the C\+\+/);
  assert.match(refusalOf("/module", "/modules/a.cpp") ?? "", /not in the module/);
  assert.equal(refusalOf("/module", "/module/src/a.hpp"), undefined);
});
