import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { Failure, runCommand } from "./failure.mjs";
import { inProject, root } from "./project.mjs";
import { run } from "./run.mjs";

/** As VS Code names the platform that a VSIX is for. */
const target = `${process.platform}-${process.arch}`;

/**
 * Writes the bundles and one VSIX for this platform.
 * @param {string} [output] the folder of the VSIX
 * @returns {Promise<string>} the VSIX
 */
export async function packageExtension(output = inProject("dist")) {
  // their packages may have been installed only now
  const { buildBundles } = await import("./bundles.mjs");
  const { copyShippedPackages } = await import("./shipped-packages.mjs");
  await buildBundles();
  const manifest = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const vsix = path.join(output, `${manifest.name}-${target}-${manifest.version}.vsix`);
  const folder = mkdtempSync(path.join(tmpdir(), "native-udf-vsix-"));
  try {
    for (const file of await listFiles()) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      cpSync(inProject(file), path.join(folder, file));
    }
    cpSync(inProject(".vscodeignore"), path.join(folder, ".vscodeignore"));
    // what the bundles hold is no dependency of the VSIX
    const dependencies = await copyShippedPackages(folder);
    const { devDependencies: _, scripts: __, private: ___, files: ____, ...shipped } = manifest;
    writeFileSync(path.join(folder, "package.json"), `${JSON.stringify({ ...shipped, dependencies }, undefined, 2)}\n`);
    const flags = ["--allow-missing-repository", "--no-rewrite-relative-links", "--target", target, "--out", vsix];
    await vsce(["package", ...flags], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return vsix;
}

/** The project's own files that .vscodeignore names. */
async function listFiles() {
  const files = await vsce(["ls", "--no-dependencies"], root);
  return files.split("\n").filter((line) => line !== "");
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<string>} what it wrote to stdout
 */
async function vsce(args, cwd) {
  const require = createRequire(import.meta.url);
  const program = path.join(path.dirname(require.resolve("@vscode/vsce/package.json")), "vsce");
  const { exitCode, stdout, output } = await run(process.execPath, [program, ...args], { cwd });
  if (exitCode !== 0) throw new Failure(`vsce could not make the VSIX: ${output.trim()}`);
  return stdout;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(async () => {
    await bootstrap();
    const vsix = await packageExtension();
    process.stdout.write(`${path.relative(root, vsix)}  ${(statSync(vsix).size / 1e6).toFixed(2)} MB\n`);
    return 0;
  });
}
