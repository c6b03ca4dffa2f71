import assert from "node:assert/strict";
import { test } from "node:test";
import { readElf } from "../../../../src/build/artifact/elf.ts";
import { UdfError } from "../../../../src/core/error.ts";

const refuses = (bytes: Buffer) =>
  assert.throws(
    () => readElf(bytes, "some.udf.so"),
    (error) => error instanceof UdfError && error.code === "ARTIFACT_MISMATCH" && error.where === "some.udf.so",
  );

/** The first 64 bytes of a 64-bit little-endian shared object that has no sections. */
function header(): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from("\x7fELF\x02\x01\x01", "latin1").copy(bytes);
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt16LE(64, 58);
  return bytes;
}

test("bytes that are no ELF file are refused: none, few, text, zeros", () => {
  for (const bytes of ["", "\x7f", "\x7fELF", "#!/bin/sh\nexit 0\n", "\0".repeat(4096)]) {
    refuses(Buffer.from(bytes, "latin1"));
  }
});

test("random bytes are refused, with and without the head of an ELF file", () => {
  const next = randomBytes(7);
  for (let round = 0; round < 500; round++) {
    const bytes = Buffer.from(Array.from({ length: next() * 4 }, next));
    refuses(bytes);
    refuses(Buffer.concat([header().subarray(0, 20), bytes]));
  }
});

test("32-bit objects, big-endian objects, programs and object files are refused with the reason", () => {
  const change = (offset: number, value: number) => {
    const bytes = header();
    bytes[offset] = value;
    return bytes;
  };
  for (const [offset, value, reason] of [
    [4, 1, /another class or byte order/],
    [5, 2, /another class or byte order/],
    [16, 1, /an object of another type/],
    [16, 2, /an object of another type/],
  ] as const) {
    assert.throws(() => readElf(change(offset, value), "some.udf.so"), reason);
  }
});

test("a shared object without sections is refused", () => {
  assert.throws(() => readElf(header(), "some.udf.so"), /no dynamic section/);
});

test("a table of sections that lies outside of the file is refused", () => {
  for (const offset of [64n, 2n ** 40n, 2n ** 63n, 2n ** 64n - 1n]) {
    const bytes = header();
    bytes.writeBigUInt64LE(offset, 40);
    bytes.writeUInt16LE(0xffff, 60);
    refuses(bytes);
  }
});

/** Bytes that look random and are the same in every run (a linear congruential generator). */
function randomBytes(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  };
}
