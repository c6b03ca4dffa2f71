import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { messageOf, UdfError } from "../core/error.ts";
import type { Manifest } from "../core/manifest.ts";
import type { Module } from "../core/module.ts";
import { duckdbStub } from "./duckdb.ts";
import { pythonStub } from "./python.ts";
import { pythonTypes } from "./python-types.ts";
import { stubContext } from "./stub-context.ts";
import { typescriptStub } from "./typescript.ts";

export type GeneratedStub = { path: string; changed: boolean };

/** Writes the stubs of an artifact; files that would not change are not touched. Throws OUTPUT_NOT_WRITABLE, DISK_FULL. */
export async function generateStubs(options: { module: Module; manifest: Manifest }): Promise<GeneratedStub[]> {
  const { module, manifest } = options;
  const context = stubContext(module, manifest);
  const texts: [string, string][] = [
    [`${module.name}.ts`, typescriptStub(context)],
    [`${module.name}.duckdb.ts`, duckdbStub(context)],
    [`${module.name}.py`, pythonStub(context)],
    [`${module.name}.pyi`, pythonTypes(context)],
  ];
  return texts.map(([name, text]) => writeStub(path.join(module.stubs, name), text));
}

function writeStub(file: string, text: string): GeneratedStub {
  const temporary = `${file}.${process.pid}`;
  try {
    if (existsSync(file) && readFileSync(file, "utf8") === text) return { path: file, changed: false };
    mkdirSync(path.dirname(file), { recursive: true });
    try {
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return { path: file, changed: true };
  } catch (cause) {
    throw notWritten(file, cause);
  }
}

function notWritten(file: string, cause: unknown): UdfError {
  if (cause instanceof Error && "code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT")) {
    return new UdfError("DISK_FULL", {
      what: "the disk is full",
      where: file,
      next: "Make room, then try again.",
      cause,
    });
  }
  return new UdfError("OUTPUT_NOT_WRITABLE", {
    what: `the stub cannot be written (${messageOf(cause)})`,
    where: file,
    next: 'Make the folder writable, or name another one in native-udf.json ("stubs").',
    cause,
  });
}
