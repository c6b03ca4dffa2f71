/*
 * Builds the module of the folder that is its argument, in a process of its own. Tells on standard output:
 * each step as it comes, then the manifest, or the error's code and message, as JSON.
 */
import { build } from "../../src/build/build.ts";
import { UdfError } from "../../src/core/error.ts";
import { loadModule } from "../../src/module/load-module.ts";

const [, , root = "."] = process.argv;
try {
  const { manifest } = await build(loadModule(root), { onProgress: ({ step }) => console.log(step) });
  console.log(JSON.stringify(manifest));
} catch (error) {
  console.log(JSON.stringify(error instanceof UdfError ? { code: error.code, message: error.message } : String(error)));
  process.exitCode = 1;
}
