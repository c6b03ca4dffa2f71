import { after } from "node:test";
import { packageExtension } from "../../scripts/package.mjs";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { closeBrowser, launch } from "./browser.ts";
import { type Server, startServer } from "./server.ts";
import { Workbench } from "./workbench.ts";

/** What all UI tests of one process share, as each of it takes seconds to start; made when it is first asked for. */
let vsix: Promise<string> | undefined;
const servers = new Map<"every folder" | "ask", Promise<Server>>();

/** A new VSIX; not in dist/, which the next build of the bundles empties. */
export function builtVsix(): Promise<string> {
  vsix ??= packageExtension(temporaryFolder("vsix"));
  return vsix;
}

function server(trust: "every folder" | "ask"): Promise<Server> {
  const running = servers.get(trust) ?? builtVsix().then((file) => startServer({ vsix: file, trust }));
  servers.set(trust, running);
  return running;
}

type WindowOptions = { folder?: string | undefined; trust?: "every folder" | "ask" | undefined };

/** A window of VS Code with the extension installed. */
export async function openWorkbench({ folder, trust = "every folder" }: WindowOptions): Promise<Workbench> {
  const { origin, browser: executablePath } = await server(trust);
  return Workbench.open({ browser: await launch(executablePath), origin, folder });
}

after(async () => {
  await closeBrowser();
  // one that did not start has failed its tests already
  for (const started of await Promise.allSettled(servers.values())) {
    if (started.status === "fulfilled") await started.value.close();
  }
});
