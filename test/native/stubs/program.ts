import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { projectRoot } from "../../support/command-line.ts";
import type { Python } from "../../support/python.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const loader = pathToFileURL(path.join(projectRoot, "node_modules/tsx/dist/loader.mjs")).href;

/** The last line of every program: prints `result`, bigints as `5n` and typed arrays as arrays. */
const print = `console.log(JSON.stringify(result, (_, v) =>
  typeof v === "bigint" ? v + "n" : ArrayBuffer.isView(v) ? Array.from(v as Uint8Array) : v));`;

/** Runs a TypeScript program with the stub as `udf`, in a process of its own; gives the value of its `result`. */
export async function nodeProgram(stub: string, body: string): Promise<unknown> {
  const folder = path.join(temporaryFolder("program"), "program");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const file = path.join(folder, "program.ts");
  writeFileSync(file, `import * as udf from ${JSON.stringify(pathToFileURL(stub).href)};\n${body}\n${print}\n`);
  const { exitCode, stdout, stderr } = await runTool({ command: process.execPath, args: ["--import", loader, file] });
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

type PythonProgram = { python: Python; stubs: string; module: string; body: string; packages?: string };

/**
 * Runs a Python program with the stub as `udf`; gives the JSON that it printed. Without `packages` the interpreter has
 * nothing but its standard library.
 */
export async function pythonProgram({ python, stubs, module, body, packages }: PythonProgram): Promise<unknown> {
  const start = `import json, sys\nsys.path.insert(0, ${JSON.stringify(stubs)})\nimport ${module} as udf\n`;
  const { exitCode, stdout, stderr } = await runTool({
    command: python.command,
    args: [...(packages === undefined ? ["-I", "-S"] : []), "-c", start + body],
    env: { ...process.env, ...(packages === undefined ? {} : { PYTHONPATH: packages }) },
  });
  assert.equal(exitCode, 0, `${python.command} (${python.version}): ${stderr}`);
  return JSON.parse(stdout);
}

/** The messages of what each of these calls throws, "accepted" where one throws nothing. For the body of a Node program. */
export const attempts = `const attempt = (...calls: (() => unknown)[]) => calls.map((call) => {
  try { call(); return "accepted"; } catch (error) { return (error as Error).message; }
});`;

/** The same for Python: type and message. */
export const pythonAttempts = `def attempt(*calls):
    messages = []
    for call in calls:
        try:
            call()
            messages.append("accepted")
        except Exception as error:
            messages.append(f"{type(error).__name__}: {error}")
    return messages
`;
