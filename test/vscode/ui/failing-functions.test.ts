import assert from "node:assert/strict";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** The helpers are not inlined, so that there is a call to tell of. */
const throwing = `#include <udf/udf.h>

#include <stdexcept>

using namespace udf::literals;

[[gnu::noinline]] double refused(double celsius) {
  if (celsius > -300) throw std::runtime_error("no such temperature");
  return celsius;
}

double checked(double celsius) {
  return refused(celsius) + 1;
}

UDF_MODULE(flight_features, m) { m.row<checked>("checked", "celsius"_a); }
`;

const crashing = `#include <udf/udf.h>

using namespace udf::literals;

[[gnu::noinline]] double read(double celsius) {
  double* volatile nowhere = nullptr;
  return celsius + *nowhere;
}

double crash(double celsius) {
  return read(celsius) + 1;
}

UDF_MODULE(flight_features, m) { m.row<crash>("crash", "celsius"_a); }
`;

type Failure = {
  /** Name of the picture. */
  picture: string;
  source: string;
  /** What the message says. */
  says: RegExp;
  /** A part of the line that fails, and of the one that calls its function. */
  at: string;
  calledAt: string;
  /** Replaced by it, the function is right. */
  wrong: string;
  right: string;
};

/** The run fails, the line is in Problems with the one that called it; corrected and run again, both are gone. */
async function failsAndIsCorrected(workbench: Workbench, root: string, failure: Failure): Promise<void> {
  const { page, quickInput } = workbench;
  const { picture, source, says, at, calledAt, wrong, right } = failure;
  const [line, caller] = [lineOf(source, at), lineOf(source, calledAt)];
  await quickInput.openFile(sourceFile);
  await workbench.run("Native UDF: Submit Job…");
  await workbench.notification(/first failed/).waitFor();

  const problems = await workbench.problems();
  const problem = problems.filter({ hasText: says }).filter({ hasText: `[Ln ${line}, Col ` });
  await problem.waitFor();
  await page.locator(".monaco-editor .squiggly-error").first().waitFor();
  await problem.click();
  await workbench.cursorAt(line);
  const frame = problems.filter({ hasText: `[Ln ${caller}, Col ` });
  await frame.waitFor();
  await workbench.screenshot(picture);
  await frame.click();
  await workbench.cursorAt(caller);

  const text = (source.split("\n")[line - 1] ?? "").replace(wrong, right);
  await workbench.replaceLine({ root, file: sourceFile, line, text });
  await problem.waitFor({ state: "hidden" });
  await workbench.run("Native UDF: Re-run Last Job");
  const runs = await workbench.treeView("Runs");
  await runs.and(page.locator('[aria-label^="first succeeded"]')).waitFor();
  await page.locator(".monaco-editor .squiggly-error").waitFor({ state: "hidden" });
  assert.equal(await (await workbench.problems()).filter({ hasText: says }).count(), 0);
}

workbenchTest(
  "a function that throws: its message is at the line of the throw, with the call that led there, until it is corrected and run again",
  { folder: () => authorModule({ name: "throws", source: throwing, map: "SELECT checked(celsius) AS x FROM input" }) },
  async (workbench, root) => {
    const failure = {
      ...{ picture: "throw", source: throwing, says: /checked\(\): no such temperature/ },
      ...{ at: "throw std::", calledAt: "refused(celsius) + 1" },
      ...{ wrong: "celsius > -300", right: "celsius < -300" },
    };
    await failsAndIsCorrected(workbench, root, failure);
  },
);

workbenchTest(
  "a function that crashes: the signal is at the line of the crash, with the call that led there, until it is corrected and run again",
  { folder: () => authorModule({ name: "crashes", source: crashing, map: "SELECT crash(celsius) AS x FROM input" }) },
  async (workbench, root) => {
    const failure = {
      ...{ picture: "crash", source: crashing, says: /SIGSEGV/ },
      ...{ at: "*nowhere;", calledAt: "read(celsius) + 1" },
      ...{ wrong: "celsius + *nowhere", right: "nowhere ? *nowhere : celsius" },
    };
    await failsAndIsCorrected(workbench, root, failure);
  },
);
