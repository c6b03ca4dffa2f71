import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader, frame } from "../../../../src/run/local/frames.ts";

const messages = [{ kind: "ready", pid: 7 }, "", { big: 2n ** 70n, date: new Date(0), none: undefined }, [1, "Zürich"]];

test("messages come back whole, in order, with all that a fork would carry, in one chunk", () => {
  assert.deepEqual(new FrameReader().read(Buffer.concat(messages.map(frame))), messages);
});

test("a message is found when its bytes come one by one", () => {
  const reader = new FrameReader();
  const bytes = Buffer.concat(messages.map(frame));
  const found = [...bytes.keys()].flatMap((index) => reader.read(bytes.subarray(index, index + 1)));
  assert.deepEqual(found, messages);
});
