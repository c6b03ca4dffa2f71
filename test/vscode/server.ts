import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { ensureVscodeServer } from "../../scripts/vscode-server.mjs";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A running VS Code server with the extensions installed that a user would have: ours, from its VSIX. */
export type Server = {
  origin: string;
  /** The browser to look at it with. */
  browser: string;
  /** Ends it with everything it has started. */
  close(): Promise<void>;
};

type Options = {
  vsix: string;
  /** Other extensions, as VSIX files. */
  others?: readonly string[];
  /** Without trust, VS Code asks whether a folder may be trusted. */
  trust: "every folder" | "ask";
  /** Lets a page hand over a payload, which extension-host tests need; VS Code shows no notifications then. */
  driver?: boolean;
  /** Added to the environment of the extension host. */
  env?: Record<string, string>;
};

/** What would be in the way of a test, or would reach for the network. */
const settings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "typescript.disableAutomaticTypeAcquisition": true,
};

/** Starts the server in folders of its own. */
export async function startServer({ vsix, others = [], trust, driver = false, env = {} }: Options): Promise<Server> {
  const { node, main, browser } = await ensureVscodeServer();
  const folder = temporaryFolder("vscode");
  const machine = path.join(folder, "data", "data", "Machine");
  mkdirSync(machine, { recursive: true });
  writeFileSync(path.join(machine, "settings.json"), JSON.stringify(settings));
  const place = [
    ...["--server-data-dir", path.join(folder, "data"), "--extensions-dir", path.join(folder, "extensions")],
    ...["--accept-server-license-terms", "--telemetry-level", "off"],
  ];
  const environment = { ...cleanEnvironment(), ...env };
  const installed = [vsix, ...others].flatMap((file) => ["--install-extension", file]);
  await execa(node, [main, ...place, ...installed], { env: environment, extendEnv: false });
  const child = spawn(
    node,
    [
      ...[main, ...place, "--host", "127.0.0.1", "--port", "0", "--without-connection-token"],
      ...(driver ? ["--enable-smoke-test-driver"] : []),
      ...(trust === "ask" ? [] : ["--disable-workspace-trust"]),
    ],
    // in the test file's process group, which the test command ends as a whole
    { env: environment, stdio: ["ignore", "pipe", "pipe"] },
  );
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const port = await boundPort(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    browser,
    async close() {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
      // its extension hosts and terminals end with it
      child.kill("SIGTERM");
      await ended;
      process.off("exit", kill);
    },
  };
}

/** What the test command and node:test set is not for the programs that the extension starts. */
function cleanEnvironment(): Record<string, string> {
  const own = /^(?:npm_|NODE_|VSCODE_|NATIVE_UDF_)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || own.test(name) ? [] : [[name, value]],
    ),
  );
}

/** The port that the server says it listens on. Rejects with what it wrote when it ends before. */
async function boundPort(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("the server has no output");
  const written: string[] = [];
  const found = new Promise<number>((resolve, reject) => {
    for (const stream of [stdout, stderr]) {
      // read to the end, so that the server never waits for us
      createInterface({ input: stream }).on("line", (line) => {
        written.push(line);
        const port = /^Server bound to 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    }
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${written.join("\n")}`)));
  });
  return found;
}
