import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { onPath } from "../../../../../src/toolchain/on-path.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";
import { buildPrograms } from "../build.ts";

/*
 * npm run fuzz [-- minutes]: looks for Arrow arrays that break their import, five minutes or as many as are said; with
 * clang's libFuzzer where that is installed. What is found is kept in inputs/, and is a test from then on.
 */

const minutes = Number(process.argv[2] ?? 5);
if (!(minutes > 0)) throw new Error(`"${process.argv[2]}" is no number of minutes.`);
const inputs = path.join(import.meta.dirname, "inputs");
const folder = temporaryFolder("fuzz");
const clang = await findClang();
console.log(clang ? `building with ${clang} and libFuzzer …` : "building with the C++ compiler and our own driver …");
await buildPrograms(["fuzz_import"], { folder, compiler: clang });
const corpus = path.join(folder, "corpus");
mkdirSync(corpus);
process.exitCode = clang ? await runLibFuzzer() : await runRounds();
if (process.exitCode !== 0) {
  console.log(`Kept in ${inputs}: ${readdirSync(inputs).join(", ")}. Cure the SDK, then: npm test -- sdk-cpp`);
}

async function fuzz(args: readonly string[]): Promise<number> {
  const all = [...args, `-artifact_prefix=${inputs}/`, corpus, inputs];
  const { exitCode = 1 } = await execa(path.join(folder, "fuzz_import"), all, { reject: false, stdio: "inherit" });
  return exitCode;
}

function runLibFuzzer(): Promise<number> {
  return fuzz([`-max_total_time=${Math.ceil(minutes * 60)}`, "-print_final_stats=1"]);
}

/** Each with another seed, until the time is over or something is found. */
async function runRounds(): Promise<number> {
  const end = Date.now() + minutes * 60_000;
  for (let seed = end % 1_000_000_007; Date.now() < end; seed++) {
    console.log(`seed ${seed}`);
    const exitCode = await fuzz([`-seed=${seed}`, "-runs=100000"]);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

/** A clang that has the runtime of libFuzzer: some systems ship that apart. */
async function findClang(): Promise<string | undefined> {
  const source = path.join(folder, "target.cpp");
  writeFileSync(source, 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }\n');
  const names = ["clang++", ...Array.from({ length: 20 }, (_, index) => `clang++-${33 - index}`)];
  for (const clang of names.map(onPath).filter((file) => file !== undefined)) {
    const program = path.join(folder, "target");
    await execa(clang, ["-fsanitize=fuzzer,address,undefined", source, "-o", program], { reject: false });
    if (existsSync(program)) return clang;
  }
  return undefined;
}
