import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../support/command-line.ts";
import { pythonPackages, pythons } from "../support/python.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Block, missingLine } from "./docs-blocks.ts";

/**
 * Somebody who follows a page from top to bottom in one shell: types its commands, writes its files, and compares what
 * comes out. A file that the page shows before its module is there is written when `$EDITOR` is told to.
 */
export class DocsReader {
  readonly #home = temporaryFolder("docs");
  readonly #shown = new Map<string, string>();
  #cwd: string;
  #output = "";

  private constructor() {
    this.#cwd = path.join(this.#home, "work with späce");
  }

  static async create(): Promise<DocsReader> {
    const reader = new DocsReader();
    mkdirSync(reader.#cwd);
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(reader.#home, "node_modules"));
    const bin = path.join(reader.#home, "bin");
    mkdirSync(bin);
    const [python] = await pythons();
    assert.ok(python, "the examples need Python 3.10 or later");
    const programs = {
      "native-udf": `exec "${process.execPath}" "${path.join(projectRoot, "dist", "cli.js")}" "$@"`,
      // what Node does by itself from 22.18 on
      node: `exec "${process.execPath}" --import "${import.meta.resolve("tsx")}" "$@"`,
      python3: `PYTHONPATH="${await pythonPackages(python)}" exec "${python.command}" "$@"`,
      editor:
        'test -f "$NATIVE_UDF_SHOWN/$1" || { echo "the page does not show $1" >&2; exit 1; }\ncp "$NATIVE_UDF_SHOWN/$1" "$1"',
    };
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    return reader;
  }

  /** A file as the reader's folder has it now. */
  path(file: string): string {
    return path.join(this.#cwd, file);
  }

  /** Does what the block asks for. A program that says in comments what it prints is run. */
  async follow(block: Block): Promise<void> {
    if (block.file !== undefined) {
      this.#write(block.file, block.text);
      const printed = printedBy(block.text);
      if (printed.length === 0) return;
      await this.type(`${block.language === "py" ? "python3" : "node"} ${block.file}`);
      assert.deepEqual(this.#output.split("\n"), printed);
    } else if (block.language === "sh") await this.type(block.text);
    else if (block.language === "text") {
      const missing = missingLine(block.text, this.#output);
      assert.equal(missing, undefined, `not in the output:\n${this.#output}`);
    } else assert.fail(`nobody follows a block of ${block.language || "no language"} without a file's name`);
  }

  #write(file: string, text: string): void {
    this.#shown.set(file, text);
    if (existsSync(this.path("native-udf.json"))) writeFileSync(this.path(file), text);
  }

  /** All commands in one shell; the next one goes on in the folder where it ends. */
  async type(commands: string): Promise<void> {
    const shown = path.join(this.#home, "shown");
    for (const [file, text] of this.#shown) {
      mkdirSync(path.dirname(path.join(shown, file)), { recursive: true });
      writeFileSync(path.join(shown, file), text);
    }
    const place = path.join(this.#home, "place");
    const { stdout, stderr, exitCode } = await execa("bash", ["-euc", `${commands}\npwd > "${place}"`], {
      cwd: this.#cwd,
      env: { PATH: `${path.join(this.#home, "bin")}:${process.env.PATH}`, EDITOR: "editor", NATIVE_UDF_SHOWN: shown },
      reject: false,
    });
    assert.equal(exitCode, 0, `${commands}\n${stdout}\n${stderr}`);
    this.#output = stdout;
    const { stdout: cwd } = await execa("cat", [place]);
    this.#cwd = cwd;
  }
}

/** What the comments after `console.log()` and `print()` say. */
function printedBy(program: string): string[] {
  return [...program.matchAll(/^(?:console\.log|print)\(.*\);? +(?:\/\/|#) (.*)$/gm)].map(
    ([, printed = ""]) => printed,
  );
}
