import { constants, copyFileSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { messageOf, UdfError } from "../core/error.ts";
import { fetchPackage } from "./fetch-package.ts";
import { readTemplateData, type Template } from "./templates.ts";

type Options = {
  /** The folder that the module is put together in. */
  to: string;
  /** Where the module will be: its own packages may have the data. */
  root: string;
  signal?: AbortSignal | undefined;
  /** Told of a package before it is fetched. */
  onFetch?: ((name: string) => void) | undefined;
};

/**
 * Copies the data that the template takes from npm packages; a link would break when the package is updated. A package
 * that is not there is fetched. Gives one sentence for each file that could not be had: how to get it.
 */
export async function copyData(template: Template, { to, root, signal, onFetch }: Options): Promise<string[]> {
  const missing: string[] = [];
  for (const { package: packageName, version, from, to: target } of readTemplateData(template)) {
    const here = [root, template.base].flatMap((folder) => inPackage(packageName, { from, folder }) ?? [])[0];
    const source = here ?? (await fetched({ name: packageName, version, from, signal, onFetch }));
    if (!existsSync(source)) {
      const file = `node_modules/${packageName}/${from}`;
      const get = `In the module's folder: npm install ${packageName}@${version} && cp ${file} ${target}`;
      missing.push(`${target} is missing${source === "" ? "" : ` (${source})`}. ${get}`);
      continue;
    }
    const destination = path.join(to, target);
    mkdirSync(path.dirname(destination), { recursive: true });
    copyFileSync(source, destination, constants.COPYFILE_FICLONE);
  }
  return missing;
}

type Wanted = { name: string; version: string; from: string } & Pick<Options, "signal" | "onFetch">;

/** The file in a package that is fetched now; where that fails, why. */
async function fetched({ name, version, from, signal, onFetch }: Wanted): Promise<string> {
  onFetch?.(`${name}@${version}`);
  try {
    return path.join(await fetchPackage({ name, version, signal }), from);
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof UdfError ? error.what : messageOf(error);
  }
}

/** A package's file as Node would find it from a folder: in the nearest node_modules upwards. */
function inPackage(packageName: string, { from, folder }: { from: string; folder: string }): string | undefined {
  for (let parent = path.resolve(folder); ; parent = path.dirname(parent)) {
    const file = path.join(parent, "node_modules", packageName, from);
    if (existsSync(file)) return file;
    if (path.dirname(parent) === parent) return undefined;
  }
}
