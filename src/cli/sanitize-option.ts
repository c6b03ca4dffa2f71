import { InvalidArgumentError, Option } from "commander";
import { parseSanitizers, sanitizerSets } from "../core/sanitizers.ts";

/** `--sanitize address,undefined`, the same for every command that builds. */
export function sanitizeOption(): Option {
  return new Option(
    "--sanitize <names>",
    "build with sanitizers, which tell wrong uses of memory (address) and undefined behaviour (undefined)",
  ).argParser((text) => {
    const sanitizers = parseSanitizers(text);
    if (sanitizers) return sanitizers;
    throw new InvalidArgumentError(`It must be one of: ${sanitizerSets.join(" ")}.`);
  });
}
