import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir, hostname, release, userInfo } from "node:os";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { messageOf, UdfError } from "../core/error.ts";
import { type Module, moduleFileName } from "../core/module.ts";
import { eventsFile } from "../run/event-log.ts";
import { runFolder } from "../run/run-folder.ts";
import { listRuns } from "../run/store.ts";
import { doctor } from "../toolchain/doctor.ts";
import { version } from "../version.ts";
import { redact } from "./redact.ts";

type Options = {
  /** The zip that is written. */
  file: string;
  modules: readonly Module[];
  /** More log files; those that are not there are left out. */
  logs?: readonly string[];
  /** More facts about the host, by name. */
  facts?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
};

const latestRuns = 3;
/** Of a long file the end is kept: that is where it went wrong. */
const mostBytes = 2_000_000;

/**
 * Writes a zip for a bug report: what was found on the machine, the modules' descriptions, and the events of their last
 * runs. No sources, no data; secrets, the user's name and the home folder are replaced. Gives the names of what it holds.
 */
export async function captureReport({ file, modules, logs = [], facts = {}, signal }: Options): Promise<string[]> {
  const entries = new Map<string, string>();
  const host = { nativeUdf: version, node: process.version, system: release(), arch: process.arch, ...facts };
  entries.set("host.json", JSON.stringify(host, null, 2));
  entries.set("doctor.json", JSON.stringify(await doctor({ signal }), null, 2));
  for (const log of logs) add(entries, { name: `logs/${path.basename(log)}`, file: log });
  for (const module of modules) addModule(entries, module);
  const hide = redact({ environment: process.env, names: [userInfo().username, hostname()], home: homedir() });
  const zipped = zipSync(Object.fromEntries([...entries].map(([name, text]) => [name, strToU8(hide(text))])));
  try {
    writeFileSync(`${file}.unfinished`, zipped);
    renameSync(`${file}.unfinished`, file);
  } catch (cause) {
    const what = `it cannot be written (${messageOf(cause)})`;
    throw new UdfError("OUTPUT_NOT_WRITABLE", { what, where: file, next: "Choose another place.", cause });
  }
  return [...entries.keys()];
}

function addModule(entries: Map<string, string>, module: Module): void {
  add(entries, { name: `${module.name}/${moduleFileName}`, file: path.join(module.root, moduleFileName) });
  if (existsSync(module.artifacts)) {
    for (const name of readdirSync(module.artifacts).filter((entry) => entry.endsWith(".json"))) {
      add(entries, { name: `${module.name}/artifacts/${name}`, file: path.join(module.artifacts, name) });
    }
  }
  try {
    for (const { id } of listRuns(module).slice(0, latestRuns)) {
      const folder = runFolder(module, id);
      add(entries, { name: `${module.name}/runs/${id}.ndjson`, file: path.join(folder.path, eventsFile) });
    }
  } catch (error) {
    entries.set(`${module.name}/runs.txt`, messageOf(error)); // a broken store is what the report may be about
  }
}

function add(entries: Map<string, string>, { name, file }: { name: string; file: string }): void {
  if (!existsSync(file) || !statSync(file).isFile()) return;
  const bytes = readFileSync(file);
  const cut = bytes.length > mostBytes;
  const text = bytes.subarray(Math.max(0, bytes.length - mostBytes)).toString("utf8");
  entries.set(name, cut ? `(the first ${bytes.length - mostBytes} bytes are left out)\n${text}` : text);
}
