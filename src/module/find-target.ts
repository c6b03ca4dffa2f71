import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { nearest } from "../core/nearest.ts";
import { type Target, targetOfUrl, targetsOf } from "../core/target.ts";

/** The target of a name, or of a Spark URL. Throws TARGET_UNKNOWN. */
export function findTarget(module: Module, name: string): Target {
  const targets = targetsOf(module.targets);
  const found = targets.find((target) => target.name === name) ?? targetOfUrl(name);
  if (found) return found;
  const names = targets.map((target) => target.name);
  const meant = nearest(name, names);
  throw new UdfError("TARGET_UNKNOWN", {
    what: `there is no target "${name}"`,
    next: `${meant ? `Did you mean "${meant}"? ` : ""}There is: ${names.join(", ")}. More go into "targets" of native-udf.json, or give a Spark URL.`,
  });
}
