import * as z from "zod";
import { type Targets, targetsSchema } from "./target.ts";

/** A module's name is a C++ identifier and a Python module name. */
export const moduleNamePattern = /^[a-z][a-z0-9_]*$/;

/** The file `native-udf.json`, which makes a folder a module. Folders are relative to it. */
export const moduleFileSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds this schema; native-udf does not read it."),
  name: z
    .string()
    .regex(moduleNamePattern, "must begin with a lower-case letter and hold only a-z, 0-9 and _")
    .describe("The module's name, as in UDF_MODULE(name, m)."),
  configs: z
    .array(z.string())
    .default([])
    .describe("Config files that travel with the artifact; a function asks for one by its file name."),
  jobs: z.string().default("jobs").describe("Folder of the job files (*.job.ts)."),
  tests: z
    .string()
    .optional()
    .describe(
      'Folder of the module\'s tests (*.test.ts) and cases (*.cases.json, *.cases.csv); "test" and "tests" where it is not given.',
    ),
  stubs: z.string().default("stubs").describe("Folder that the generated stubs are written to."),
  targets: targetsSchema.default({}).describe("Spark clusters that jobs can be submitted to, by name."),
});
export type ModuleFile = z.infer<typeof moduleFileSchema>;

export const moduleFileName = "native-udf.json";

/** A module on disk. All paths are absolute. */
export type Module = {
  name: string;
  root: string;
  configs: readonly string[];
  jobs: string;
  stubs: string;
  /** Folders of the module's tests, which need not be there. */
  tests: readonly string[];
  targets: Targets;
  /** Where built artifacts and their manifests lie. */
  artifacts: string;
  /** Build folders, job bundles and runs: everything that may be deleted. */
  state: string;
};
