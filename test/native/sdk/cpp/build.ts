import path from "node:path";
import { execa } from "execa";
import { findBuildTools } from "../../../../src/toolchain/find-build-tools.ts";
import { projectRoot } from "../../../support/command-line.ts";

type Options = { folder: string; compiler?: string | undefined };

/** Builds programs of this folder's CMakeLists.txt, with the SDK of native-template, into `folder`. */
export async function buildPrograms(names: readonly string[], options: Options): Promise<void> {
  const { cmake, ninja, ...tools } = await findBuildTools();
  const { folder, compiler = tools.compiler } = options;
  const generator = ninja ? ["-G", "Ninja", `-DCMAKE_MAKE_PROGRAM=${ninja}`] : ["-G", "Unix Makefiles"];
  const sdk = path.join(projectRoot, "native-template", "udf");
  const configure = ["-S", import.meta.dirname, "-B", folder, ...generator];
  await run(cmake, [...configure, `-DCMAKE_CXX_COMPILER=${compiler}`, `-DUDF_SDK=${sdk}`]);
  await run(cmake, ["--build", folder, "--parallel", "2", "--target", ...names]);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, all } = await execa(command, args, { reject: false, all: true, env: { LC_ALL: "C" } });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with exit code ${exitCode}:\n${all}`);
}
