import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { UdfError } from "../../../src/core/error.ts";
import { findDebugAdapter } from "../../../src/toolchain/debug-adapter.ts";
import { pathOfLinks } from "../../support/path-of-links.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("adapters");
const before = { ...process.env };

afterEach(() => {
  for (const name of ["PATH", "NATIVE_UDF_DEBUGGER"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const lldb = 'echo "OVERVIEW: LLDB DAP"';
const gdb = (version: string, python = 0) =>
  `case "$1" in --version) echo "GNU gdb (Debian 1-2) ${version}";; *) exit ${python};; esac`;

function machineWith(scripts: Record<string, string>): void {
  const bin = pathOfLinks(folder, [], { ...scripts, "apt-get": "exit 1" });
  process.env.PATH = bin;
  delete process.env.NATIVE_UDF_DEBUGGER;
}

const nameOf = async () => (await findDebugAdapter()).path.split("/").at(-1);

async function refusal(options: { path?: string } = {}): Promise<UdfError> {
  try {
    await findDebugAdapter(options);
  } catch (error) {
    if (error instanceof UdfError) return error;
    throw error;
  }
  throw new Error("it found one");
}

test("lldb's adapter comes before gdb, its new name before the old one, and its newest version first", async () => {
  machineWith({ gdb: gdb("16.3"), "lldb-vscode-14": lldb, "lldb-dap-9": lldb, "lldb-dap-19": lldb });
  assert.equal(await nameOf(), "lldb-dap-19");
  machineWith({ gdb: gdb("16.3"), "lldb-vscode-14": lldb });
  assert.equal(await nameOf(), "lldb-vscode-14");
  machineWith({ gdb: gdb("16.3") });
  assert.deepEqual({ ...(await findDebugAdapter()), path: "" }, { kind: "gdb", path: "", version: "16.3" });
});

test("gdb must be 14.1 or newer, and built with Python", async () => {
  machineWith({ gdb: gdb("13.2") });
  assert.match((await refusal()).message, /that is new enough/);
  machineWith({ gdb: gdb("15.1", 1) });
  assert.match((await refusal()).details ?? "", /without Python/);
});

test("where there is none, the error names the package and what was tried", async () => {
  machineWith({});
  const { code, message, details } = await refusal();
  assert.equal(code, "TOOL_MISSING");
  assert.match(message, /apt-get install .*lldb/);
  assert.match(details ?? "", /lldb-dap: not found\n.*lldb-vscode: not found\ngdb: not found/);
});

test("one that is named is taken or refused, and no other is looked for", async () => {
  machineWith({ "lldb-dap": lldb });
  process.env.NATIVE_UDF_DEBUGGER = "absent-dap";
  assert.equal((await refusal()).where, "NATIVE_UDF_DEBUGGER: absent-dap");
  assert.equal((await refusal({ path: "other-dap" })).where, "other-dap");
});
