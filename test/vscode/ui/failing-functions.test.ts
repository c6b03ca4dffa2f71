import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

const throwing = `#include <udf/udf.h>

#include <stdexcept>

using namespace udf::literals;

double checked(double celsius) {
  if (celsius > -300) {
    throw std::runtime_error("no such temperature");
  }
  return celsius;
}

UDF_MODULE(flight_features, m) { m.row<checked>("checked", "celsius"_a); }
`;

const crashing = `#include <udf/udf.h>

using namespace udf::literals;

double crash(double celsius) {
  double* volatile nowhere = nullptr;
  return celsius + *nowhere;
}

UDF_MODULE(flight_features, m) { m.row<crash>("crash", "celsius"_a); }
`;

workbenchTest(
  "a function that throws: the run fails, and what was thrown is in a notification, in Problems and in the runs",
  { folder: () => authorModule({ name: "throws", source: throwing, map: "SELECT checked(celsius) AS x FROM input" }) },
  async (workbench) => {
    await workbench.run("Native UDF: Submit Job…");
    await workbench.notification(/first failed: .*no such temperature/).waitFor();
    await (await workbench.problems()).filter({ hasText: "checked(): no such temperature" }).first().waitFor();
    const runs = await workbench.treeView("Runs");
    await runs.and(workbench.page.locator('[aria-label^="first failed"]')).waitFor();
  },
);

workbenchTest(
  "a function that crashes: the run fails and names the signal, and the extension lives on",
  { folder: () => authorModule({ name: "crashes", source: crashing, map: "SELECT crash(celsius) AS x FROM input" }) },
  async (workbench) => {
    await workbench.run("Native UDF: Submit Job…");
    await workbench.notification(/first failed: .*SIGSEGV/).waitFor();
    await (await workbench.problems()).filter({ hasText: "SIGSEGV" }).first().waitFor();
    await workbench.run("Native UDF: Doctor");
    await workbench.notification("Everything that is needed is here.").waitFor();
  },
);
