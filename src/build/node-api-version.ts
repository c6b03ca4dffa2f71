import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";

const packageSchema = z.object({ binary: z.object({ napi_versions: z.array(z.number().int()).min(1) }) });

/**
 * Throws CONFIGURE_FAILED unless the module's package.json says that it uses Node-API: cmake-js would download the
 * headers of Node itself otherwise.
 */
export function requireNodeApi(module: Module): void {
  const where = path.join(module.root, "package.json");
  try {
    packageSchema.parse(JSON.parse(readFileSync(where, "utf8")));
  } catch (cause) {
    throw new UdfError("CONFIGURE_FAILED", {
      what: "it does not say which Node-API version the module uses, so that Node's headers would be downloaded",
      where,
      next: 'Add "binary": { "napi_versions": [8] } to it.',
      cause,
    });
  }
}
