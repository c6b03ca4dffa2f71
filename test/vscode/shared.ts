import { after } from "node:test";
import { packageExtension } from "../../scripts/package.mjs";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { closeBrowser, launch } from "./browser.ts";
import { type Server, startServer } from "./server.ts";
import { Workbench } from "./workbench.ts";

/** What all UI tests of one process share, as each of it takes seconds to start; made when it is first asked for. */
let vsix: Promise<string> | undefined;
const servers = new Map<string, Promise<Server>>();

/** A new VSIX; not in dist/, which the next build of the bundles empties. */
export function builtVsix(): Promise<string> {
  vsix ??= packageExtension(temporaryFolder("vsix"));
  return vsix;
}

/** What tests can ask of the server of their windows. */
export type ServerOptions = {
  trust?: "every folder" | "ask" | undefined;
  /** Added to the environment of the extension host. */
  env?: Record<string, string> | undefined;
};

function server({ trust = "every folder", env = {} }: ServerOptions): Promise<Server> {
  const key = JSON.stringify([trust, env]);
  const running = servers.get(key) ?? builtVsix().then((vsix) => startServer({ vsix, trust, env }));
  servers.set(key, running);
  return running;
}

/** A window of VS Code with the extension installed. */
export async function openWorkbench(options: ServerOptions & { folder?: string | undefined }): Promise<Workbench> {
  const { origin, browser: executablePath } = await server(options);
  return Workbench.open({ browser: await launch(executablePath), origin, folder: options.folder });
}

after(async () => {
  await closeBrowser();
  // one that did not start has failed its tests already
  for (const started of await Promise.allSettled(servers.values())) {
    if (started.status === "fulfilled") await started.value.close();
  }
});
