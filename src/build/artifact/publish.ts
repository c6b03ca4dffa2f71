import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { UdfError } from "../../core/error.ts";
import { interfaceText, type Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { runTool } from "../../toolchain/run-tool.ts";
import { type BuildMode, cmakeOptions } from "../build-folder.ts";
import { currentManifests } from "../current-artifact.ts";
import { refuseFullDisk } from "../full-disk.ts";
import { registrationPlace } from "../registration-place.ts";
import { audit, doorsOf, glibcFloor } from "./audit.ts";
import type { Describer } from "./describe.ts";
import { readElf } from "./elf.ts";

/** How many artifacts a module keeps: the current ones, and older ones for runs that still use them. */
const keptArtifacts = 5;

type Options = {
  module: Module;
  mode: BuildMode;
  /** What the linker made, with its debug info inside. */
  linked: string;
  describer: Describer;
  sourcesHash: string;
  tools: Record<string, string>;
  signal?: AbortSignal | undefined;
};

export type Published = { manifest: Manifest; manifestPath: string; artifactPath: string; warnings: Diagnostic[] };

/** Makes the artifact, its debug-info file and its manifest out of the linked object. Throws AUDIT_FAILED, ARTIFACT_MISMATCH. */
export async function publish(options: Options): Promise<Published> {
  const { module, mode, linked, describer, signal } = options;
  mkdirSync(module.artifacts, { recursive: true });
  const temporary = path.join(module.artifacts, `.${module.name}-${process.pid}`);
  const stripped = `${temporary}.udf.so`;
  const debug = `${temporary}.debug`;
  try {
    const [described] = await allEnded([
      describer.describe(linked, registrationPlace(module)),
      objcopy(["--strip-unneeded", linked, stripped], signal),
      objcopy(["--only-keep-debug", linked, debug], signal),
    ]);
    const bytes = readFileSync(stripped);
    const elf = readElf(bytes, stripped);
    // sanitizers have libraries of their own, and such an object travels nowhere
    const findings = cmakeOptions(mode).sanitize ? [] : audit(elf, module.name);
    refuse(findings);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const hash = sha256.slice(0, 12);
    const base = `${module.name}-${hash}`;
    const manifest: Manifest = {
      manifestVersion: 1,
      ...described,
      hash,
      sha256,
      interfaceHash: createHash("sha256").update(interfaceText(described.functions)).digest("hex"),
      sourcesHash: options.sourcesHash,
      file: `${base}.udf.so`,
      debugFile: `${base}.debug`,
      size: bytes.length,
      mode,
      doors: doorsOf(elf, module.name),
      platform: { os: process.platform, arch: elf.arch },
      glibcFloor: glibcFloor(elf),
      needed: elf.needed,
      buildId: elf.buildId ?? "",
      tools: options.tools,
    };
    const artifactPath = path.join(module.artifacts, manifest.file);
    const manifestPath = path.join(module.artifacts, `${base}.json`);
    renameSync(debug, path.join(module.artifacts, manifest.debugFile));
    renameSync(stripped, artifactPath);
    writeFileSync(`${temporary}.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(`${temporary}.json`, manifestPath);
    removeOld(module, base);
    return { manifest, manifestPath, artifactPath, warnings: findings };
  } finally {
    for (const file of [stripped, debug, `${temporary}.json`]) rmSync(file, { force: true });
  }
}

/** Like Promise.all, but waits for the end of all when one fails: none may still write when the files are removed. */
async function allEnded<Results extends readonly unknown[]>(
  started: {
    [Index in keyof Results]: Promise<Results[Index]>;
  },
): Promise<Results> {
  await Promise.allSettled(started);
  return Promise.all(started);
}

async function objcopy(args: string[], signal: AbortSignal | undefined): Promise<void> {
  const { exitCode, stderr } = await runTool({
    command: "objcopy",
    args,
    env: { ...process.env, LC_ALL: "C" },
    signal,
  });
  if (exitCode === 0) return;
  refuseFullDisk(stderr, path.dirname(args.at(-1) ?? ""));
  throw new UdfError("TOOL_FAILED", { what: `objcopy failed: ${stderr.trim()}`, where: args.join(" ") });
}

function refuse(findings: readonly Diagnostic[]): void {
  const errors = findings.filter((finding) => finding.severity === "error");
  const first = errors[0];
  if (!first) return;
  throw new UdfError("AUDIT_FAILED", {
    what: first.message + (errors.length > 1 ? ` (and ${errors.length - 1} more)` : ""),
    where: "CMakeLists.txt",
    next: "Such an object would fail on other machines; change what is linked, then build again.",
    diagnostics: findings,
  });
}

function removeOld(module: Module, current: string): void {
  const kept = new Set([`${current}.json`, ...currentManifests(module)]);
  const stale = readdirSync(module.artifacts)
    .filter((name) => name.startsWith(`${module.name}-`) && name.endsWith(".json") && !kept.has(name))
    .map((name) => ({ name, time: statSync(path.join(module.artifacts, name)).mtimeMs }))
    .sort((left, right) => right.time - left.time)
    .slice(Math.max(0, keptArtifacts - kept.size));
  for (const { name } of stale) {
    for (const ending of [".json", ".udf.so", ".debug"]) {
      rmSync(path.join(module.artifacts, name.replace(/\.json$/, ending)), { force: true });
    }
  }
}
