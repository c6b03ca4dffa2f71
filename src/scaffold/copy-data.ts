import { constants, copyFileSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { readTemplateData, type Template } from "./templates.ts";

type Options = {
  /** The folder that the module is put together in. */
  to: string;
  /** Where the module will be: its own packages may have the data. */
  root: string;
};

/**
 * Copies the data that the template takes from npm packages; a link would break when the package is updated. Gives one
 * sentence for each file whose package is not there: how to get it.
 */
export function copyData(template: Template, { to, root }: Options): string[] {
  return readTemplateData(template).flatMap(({ package: packageName, from, to: target }) => {
    const source = [root, template.base].flatMap((folder) => inPackage(packageName, { from, folder }) ?? [])[0];
    if (!source) {
      const file = `node_modules/${packageName}/${from}`;
      return [`${target} is missing. In the module's folder: npm install ${packageName} && cp ${file} ${target}`];
    }
    const destination = path.join(to, target);
    mkdirSync(path.dirname(destination), { recursive: true });
    copyFileSync(source, destination, constants.COPYFILE_FICLONE);
    return [];
  });
}

/** A package's file as Node would find it from a folder: in the nearest node_modules upwards. */
function inPackage(packageName: string, { from, folder }: { from: string; folder: string }): string | undefined {
  for (let parent = path.resolve(folder); ; parent = path.dirname(parent)) {
    const file = path.join(parent, "node_modules", packageName, from);
    if (existsSync(file)) return file;
    if (path.dirname(parent) === parent) return undefined;
  }
}
