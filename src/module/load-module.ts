import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { messageOf, UdfError } from "../core/error.ts";
import { type Module, moduleFileName, moduleFileSchema } from "../core/module.ts";

/** The module that `folder` is in: the nearest folder upwards with a `native-udf.json`. Throws MODULE_NOT_FOUND, MODULE_INVALID. */
export function loadModule(folder: string): Module {
  const start = path.resolve(folder);
  for (let root = start; ; root = path.dirname(root)) {
    if (existsSync(path.join(root, moduleFileName))) return readModule(root);
    if (path.dirname(root) === root) break;
  }
  throw new UdfError("MODULE_NOT_FOUND", {
    what: `there is no ${moduleFileName} here or in a folder above`,
    where: start,
    next: 'Change into a module\'s folder, or make one with "native-udf new <folder>".',
  });
}

const usualTests = ["test", "tests"];

function readModule(root: string): Module {
  const where = path.join(root, moduleFileName);
  const parsed = moduleFileSchema.safeParse(readJson(where));
  if (!parsed.success) {
    throw new UdfError("MODULE_INVALID", {
      what: z.prettifyError(parsed.error).replaceAll("✖ ", ""),
      where,
      next: "Correct the file.",
      cause: parsed.error,
    });
  }
  const { name, configs, jobs, stubs, tests, targets } = parsed.data;
  return {
    name,
    root,
    configs: configs.map((config) => path.resolve(root, config)),
    jobs: path.resolve(root, jobs),
    stubs: path.resolve(root, stubs),
    tests: (tests === undefined ? usualTests : [tests]).map((folder) => path.resolve(root, folder)),
    targets,
    artifacts: path.join(root, "artifacts"),
    state: path.join(root, ".native-udf"),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UdfError("MODULE_INVALID", {
      what: `it is not valid JSON (${messageOf(cause)})`,
      where: file,
      next: "Correct the file.",
      cause,
    });
  }
}
