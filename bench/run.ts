import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { activation } from "./activation.ts";
import { buildTimes } from "./build-times.ts";
import { calls } from "./calls.ts";
import { firstResult } from "./first-result.ts";
import { flightJob } from "./flight-job.ts";
import { manyFunctions } from "./many-functions.ts";
import { panel } from "./panel.ts";
import type { Benchmark, Context, Row } from "./result.ts";
import { signatures } from "./signatures.ts";
import { sparkCluster } from "./spark.ts";

/*
 * npm run bench [-- names…]: measures, prints a table, writes bench/results/<date>.json and the tables in
 * docs/benchmarks.md.
 */

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const head = ["what", "ours", "against", "ratio", "goal", "limited by"];
const all: readonly Benchmark[] = [
  signatures,
  flightJob,
  calls,
  buildTimes,
  manyFunctions,
  firstResult,
  activation,
  panel,
  sparkCluster,
];
const names = process.argv.slice(2);
const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
if (chosen.length === 0)
  throw new Error(`There is no such benchmark. There is: ${all.map(({ name }) => name).join(", ")}.`);

const temporary = mkdtempSync(path.join(tmpdir(), "native-udf-bench-"));
try {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: project, stdio: "inherit" });
  const context = prepare();
  const results: { name: string; title: string; rows: Row[] }[] = [];
  for (const { name, title, run } of chosen) {
    process.stdout.write(`\n${title}\n`);
    const rows = await run(context);
    process.stdout.write(`${render(rows)}\n`);
    results.push({ name, title, rows });
  }
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
  };
  const date = new Date().toISOString();
  const folder = path.join(project, "bench", "results");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${date.slice(0, 16).replaceAll(":", "")}.json`);
  writeFileSync(file, `${JSON.stringify({ date, machine, results }, null, 2)}\n`);
  process.stdout.write(`\nWritten to ${path.relative(project, file)}\n`);
  writeDocs({ date, machine, results });
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function prepare(): Context {
  const module = path.join(temporary, "flight_features");
  const cli = path.join(project, "dist", "cli.js");
  execFileSync(process.execPath, [cli, "new", module, "--quiet"], { cwd: project, stdio: "inherit" });
  execFileSync(process.execPath, [cli, "stubs", "--quiet"], { cwd: module, stdio: "inherit" });
  return { project, module, temporary, rounds: 5 };
}

function cells({ what, ours, against, ratio, goal, met, limit }: Row): string[] {
  const verdict = met === null ? "" : met ? " ✔" : " ✖";
  return [what, ours, against, ratio === null ? "–" : ratio.toFixed(2), `${goal}${verdict}`, limit];
}

function render(rows: readonly Row[]): string {
  const table = new Table({
    head,
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [34, 18, 22, 7, 16, 34],
  });
  for (const row of rows) table.push(cells(row));
  return table.toString();
}

type Report = {
  date: string;
  machine: { cpu: string; cores: number; memoryBytes: number; node: string };
  results: readonly { title: string; rows: Row[] }[];
};

/**
 * The tables of docs/benchmarks.md are between two marks, so that they are never other than what was measured. What was not
 * measured now stays, with the day and the machine of its own.
 */
function writeDocs({ date, machine, results }: Report): void {
  const file = path.join(project, "docs", "benchmarks.md");
  const [begin, end] = ["<!-- measured -->", "<!-- end of measured -->"];
  const text = readFileSync(file, "utf8");
  const [before = "", rest = ""] = text.split(begin);
  const [measured = "", after = "\n"] = rest.split(end);
  const sections = new Map(measured.split(/^### /m).map((section) => [section.split("\n")[0] ?? "", section.trim()]));
  const line = (values: readonly string[]) => `| ${values.map((value) => value.replaceAll("|", "\\|")).join(" | ")} |`;
  const where = `Measured on ${date.slice(0, 10)}: ${machine.cores} cores of ${machine.cpu}, ${(machine.memoryBytes / 1e9).toFixed(0)} GB, Node ${machine.node}.`;
  for (const { title, rows } of results) {
    const body = rows.map((row) => line(cells(row))).join("\n");
    sections.set(title, `${title}\n\n${where}\n\n${line(head)}\n|${"---|".repeat(head.length)}\n${body}`);
  }
  const tables = all.flatMap(({ title }) => sections.get(title) ?? []).map((section) => `### ${section}\n`);
  writeFileSync(file, `${before}${begin}\n\n${tables.join("\n")}\n${end}${after}`);
  execFileSync(path.join(project, "node_modules", ".bin", "biome"), ["format", "--write", file], { stdio: "ignore" });
}
