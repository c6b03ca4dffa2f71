import assert from "node:assert/strict";
import * as vscode from "vscode";

/** A test that runs in the extension host; its title is its key. */
export type HostTest = () => Promise<void>;

/** The extension as it is installed. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension("native-udf.native-udf");
  assert.ok(found, "the extension is not installed");
  return found;
}

/** Waits until the extension has looked for modules. */
export async function activated(): Promise<void> {
  const api = await extension().activate();
  assert.ok(typeof api === "object" && api !== null && "ready" in api);
  await api.ready;
}

/** Waits for something that an event announces. */
export async function untilEvent(happens: vscode.Event<unknown>, condition: () => boolean): Promise<void> {
  if (condition()) return;
  await new Promise<void>((resolve) => {
    const subscription = happens(() => {
      if (!condition()) return;
      subscription.dispose();
      resolve();
    });
  });
}
