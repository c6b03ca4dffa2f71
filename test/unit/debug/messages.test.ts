import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageReader, messageBytes } from "../../../src/debug/message-reader.ts";
import type { DapResponse } from "../../../src/debug/messages.ts";
import { withSubtleFrames } from "../../../src/debug/stack-frames.ts";
import { withTexts } from "../../../src/debug/string-views.ts";

const response = (body: unknown): DapResponse => ({
  ...{ type: "response", request_seq: 1, success: true, command: "variables", body },
});

test("messages are found whole in whatever chunks they come, by bytes and not by letters", () => {
  const messages = [{ text: "Zürich → ✈" }, { text: "" }];
  const bytes = Buffer.concat(messages.map(messageBytes));
  const reader = new MessageReader();
  assert.deepEqual(
    [...bytes.keys()].flatMap((index) => reader.read(bytes.subarray(index, index + 1))),
    messages,
  );
});

test("a peer that speaks another protocol is refused", () => {
  assert.throws(() => new MessageReader().read(Buffer.from("HTTP/1.1 200 OK\r\n\r\n")), /no header of a message/);
});

const view = { name: "origin", type: "std::string_view", value: "{...}", variablesReference: 7 };
const members = (length: string, text: string) => async () =>
  response({
    variables: [
      { name: "_M_len", value: length, variablesReference: 0 },
      { name: "_M_str", value: text, variablesReference: 0 },
    ],
  });

test("a std::string_view shows so many bytes of its text as it has, and no more", async () => {
  const shown = async (length: string, text: string) => {
    const { body } = await withTexts(response({ variables: [view] }), members(length, text));
    return Object(body).variables[0].value;
  };
  assert.equal(await shown("3", '0x00007f "LASPHL"'), '"LAS"');
  assert.equal(await shown("3", '0x7f "LAS"'), '"LAS"');
  assert.equal(await shown("0", '0x7f "LAS"'), '""');
  assert.equal(await shown("3", '"a\\n\\"bc"'), '"a\\n\\""');
  assert.equal(await shown("7", '"Zürichsee"'), '"Zürich"');
  assert.equal(await shown("9", '"LAS"'), '"LAS…"');
});

test("other variables, and a view whose members are others, stay as the debugger shows them", async () => {
  const number = { name: "km", type: "double", value: "12.5", variablesReference: 0 };
  const body = { variables: [number, view] };
  const answer = await withTexts(response(body), async () => response({ variables: [] }));
  assert.deepEqual(answer.body, body);
});

test("frames of the SDK, of headers of the system and without a source are dimmed, those of the author are not", () => {
  const files = ["/module/src/a.cpp", "/module/udf/include/udf/kernel.h", "/usr/include/c++/12/string", undefined];
  const stackFrames = files.map((file) => (file === undefined ? {} : { source: { path: file } }));
  const { body } = withSubtleFrames(response({ stackFrames }), "/module");
  const hints = Object(body).stackFrames.map((frame: unknown) => Object(frame).presentationHint);
  assert.deepEqual(hints, [undefined, "subtle", "subtle", "subtle"]);
});
