import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { type Block, blocksOf, outputShownFor } from "./docs-blocks.ts";
import { DocsReader } from "./docs-reader.ts";

function titleOf({ line, language, file, text }: Block): string {
  return `line ${line}, ${language}: ${file ?? text.split("\n")[0]}`;
}

for (const page of ["README.md", "docs/authoring.md", "docs/testing.md", "docs/failures.md", "docs/command-line.md"]) {
  describe(`${page}, followed from top to bottom with the real command line`, async () => {
    const reader = await DocsReader.create();
    for (const block of blocksOf(page).filter((each) => !isOfStart(page, each))) {
      test(titleOf(block), () => reader.follow(block));
    }
  });
}

/** `npm start` and what it prints: test/e2e/start.test.ts compares them. */
function isOfStart(page: string, { line, text }: Block): boolean {
  if (page !== "README.md") return false;
  return text.startsWith("npm start") || line === outputShownFor(page, "npm start").line;
}

const templates = [
  { template: "flights", page: "native-template/README.md" },
  { template: "blank", page: "native-template/blank/README.md" },
];
for (const { template, page } of templates) {
  describe(`the README of a module from the template ${template}`, async () => {
    const reader = await DocsReader.create();
    await reader.type(`native-udf new flight_features --template ${template}\ncd flight_features`);
    const blocks = blocksOf(page);

    test("shows registrations that the module has", () => {
      const bare = (text: string) => text.replaceAll(/\s+|;$/gm, "");
      const source = bare(readFileSync(reader.path("src/flight_features.cpp"), "utf8"));
      const shown = blocks.filter(({ language }) => language === "cpp").flatMap(({ text }) => text.split("\n"));
      const registrations = shown.filter((line) => line.startsWith("  m.row<"));
      assert.ok(registrations.length > 0);
      for (const registration of registrations) assert.ok(source.includes(bare(registration)), registration);
    });

    // what needs npm's registry is not run: test/native/ builds modules by cmake-js alone
    for (const block of blocks.filter(({ text }) => text.startsWith("native-udf "))) {
      test(titleOf(block), () => reader.follow(block));
    }
  });
}
