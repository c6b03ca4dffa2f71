import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

/** Mistakes that do no harm where they happen. */
const source = `#include <udf/udf.h>

#include <cstdint>
#include <vector>

using namespace udf::literals;

std::int32_t bits(std::int32_t count) {
  return 1 << (count + 40);
}

std::int64_t past_end(std::int64_t count) {
  const std::vector<std::int64_t> counts(4, count);
  return counts[static_cast<std::size_t>(count) + 4];
}

UDF_MODULE(flight_features, m) {
  m.row<bits>("bits", "count"_a);
  m.row<past_end>("past_end", "count"_a);
}
`;

workbenchTest(
  "Run under Sanitizers shows undefined behaviour and wrong uses of memory at their lines, until they are corrected",
  {
    folder: () => authorModule({ name: "sanitizers", source, map: "SELECT bits(0) AS a, past_end(0) AS b FROM input" }),
  },
  async (workbench, root) => {
    const { page } = workbench;
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: "first" }).last().click({ button: "right" });
    // a click is ignored while the menu is new
    await page.locator(".context-view .action-label", { hasText: "Run under Sanitizers" }).hover();
    await page.keyboard.press("Enter");
    await workbench.notification(/first failed/).waitFor();

    const [shift, read] = [lineOf(source, "1 <<"), lineOf(source, "return counts[")];
    const problems = await workbench.problems();
    const undefinedBehaviour = problems.filter({ hasText: /shift exponent/ }).filter({ hasText: `[Ln ${shift}, Col ` });
    const memory = problems.filter({ hasText: /row 0 of data\/input\.csv: past_end\(\): heap-buffer-overflow/ });
    await undefinedBehaviour.waitFor();
    await memory.filter({ hasText: `[Ln ${read}, Col ` }).waitFor();
    // where the memory comes from
    await problems.filter({ hasText: `[Ln ${lineOf(source, "counts(4")}, Col ` }).waitFor();

    await memory.click();
    await workbench.cursorAt(read);
    await workbench.replaceLine({ root, file: sourceFile, line: read, text: "  return counts[3];" });
    await workbench.replaceLine({ root, file: sourceFile, line: shift, text: "  return 1 << count;" });
    await workbench.run("Native UDF: Re-run Last Job");
    const runs = await workbench.treeView("Runs");
    await runs.and(page.locator('[aria-label^="first succeeded local · sanitizers"]')).waitFor();
    assert.ok(!existsSync(path.join(root, "out")), "what such a run gives is no output of the job");
  },
);
