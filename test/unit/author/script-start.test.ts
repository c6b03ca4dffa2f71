import assert from "node:assert/strict";
import { test } from "node:test";
import { scriptStart } from "../../../src/author/script-start.ts";

test("a Python script's first statement is behind its comments and blank lines", () => {
  assert.equal(scriptStart("#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n\nimport sys\nprint(1)\n"), 3);
  assert.equal(scriptStart('"""What it does."""\nimport sys\n'), 0);
});

test("a script without a statement begins at its first line", () => {
  assert.equal(scriptStart(""), 0);
  assert.equal(scriptStart("# to be written\n"), 0);
});
