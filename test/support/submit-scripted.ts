import { submitScripted } from "./scripted-module.ts";

/* A process that owns a run, for tests that end such a process: submit-scripted.ts <module's folder> <job>. */

const [, , root = "", job = ""] = process.argv;
const { outcome } = await submitScripted(root, job).finished;
process.exitCode = outcome === "succeeded" ? 0 : 1;
