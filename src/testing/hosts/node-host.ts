import { writeSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import * as z from "zod";
import { messageOf } from "../../core/error.ts";
import type { FunctionDescription } from "../../core/manifest.ts";
import { outputFor } from "../../stubs/runtime/columns.ts";
import type { Door } from "../../stubs/runtime/loader.ts";
import { readValue, writeValue } from "../values/notation.ts";
import { fromDoor, shapeOf, toDoor } from "./node-columns.ts";
import { fromNode, toNode } from "./node-values.ts";
import { type Answer, openingSchema, type Request, requestSchema } from "./protocol.ts";

/* A process that has an artifact loaded by its Node door, and calls what it is asked to. Answers go to descriptor 3. */

// above the loop, which has the program wait: what follows it is not there yet
const answers = 3;
const usualParts = 0;
const fewestBatches = 5;

/** `parts` is missing in an artifact of an earlier SDK. */
type TestedDoor = Door & { parts?(rows: number): void };

let opened: { door: TestedDoor; functions: readonly FunctionDescription[] } | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  let answer: Answer;
  try {
    const told: unknown = JSON.parse(line);
    answer = opened ? compute(opened, requestSchema.parse(told)) : open(openingSchema.parse(told));
  } catch (error) {
    answer = { error: { code: codeOf(error), message: messageOf(error), frames: framesOf(error) } };
  }
  writeSync(answers, `${JSON.stringify(answer)}\n`);
}

function open({ artifact, functions, configs, crashes }: z.infer<typeof openingSchema>): Answer {
  const host: { exports: unknown } = { exports: {} };
  process.dlopen(host, artifact);
  const door = host.exports;
  if (!isDoor(door)) throw new Error(`${artifact} has no door for Node`);
  for (const [name, file] of Object.entries(configs)) door.configure(name, file);
  door.watch?.(crashes);
  door.prepare();
  opened = { door, functions };
  return { ready: true };
}

function compute({ door, functions }: NonNullable<typeof opened>, request: Request): Answer {
  const { index } = request;
  const described = functions[index];
  if (!described) throw new RangeError(`there is no function ${index}`);
  const { arguments: parameters, result } = described;
  if (request.do === "call") {
    // as many as are given: the others have defaults
    const given = parameters.slice(0, request.values.length);
    const values = given.map(({ type }, at) => toNode(readValue(request.values[at] ?? null, type, true), type));
    return { value: writeValue(fromNode(door.call(index, ...values), result.type), result.type) };
  }
  const rows = request.columns[0]?.length ?? 0;
  const inputs = parameters.flatMap(({ type }, at) => {
    const column = request.columns[at];
    return column ? [toDoor(column, type)] : [];
  });
  const output = outputFor(shapeOf(result.type), rows);
  if (request.do === "time") {
    return { nanoseconds: fastest(() => door.columns(index, rows, inputs, output), request.seconds) / rows };
  }
  door.parts?.(request.partRows ?? usualParts);
  try {
    door.columns(index, rows, inputs, output);
  } finally {
    door.parts?.(usualParts);
  }
  return { column: fromDoor({ column: output, type: result.type, length: rows }) };
}

/** Nanoseconds of the fastest of as many batches as fit into the time. */
function fastest(batch: () => void, seconds: number): number {
  const end = performance.now() + seconds * 1000;
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < fewestBatches || performance.now() < end; count++) {
    const start = process.hrtime.bigint();
    batch();
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return best;
}

function isDoor(value: unknown): value is TestedDoor {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "columns") === "function";
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "";
}

function framesOf(error: unknown): number[] {
  const frames = error instanceof Error ? Reflect.get(error, "frames") : undefined;
  return z.array(z.number().int().nonnegative()).safeParse(frames).data ?? [];
}
