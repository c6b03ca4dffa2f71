import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extension, type HostTest } from "./host-test.ts";

export const commands: Readonly<Record<string, HostTest>> = {
  "every command that package.json declares is registered, and no other": async () => {
    await extension().activate();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => /^nativeUdf\.[a-zA-Z]+$/.test(id));
    const { contributes } = extension().packageJSON;
    const declared: string[] = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(
      declared.filter((id) => !registered.includes(id)),
      [],
    );
    // VS Code adds commands of its own for each view and container
    const views = [
      ...Object.values<{ id: string }[]>(contributes.views),
      ...Object.values<{ id: string }[]>(contributes.viewsContainers),
    ];
    const ofViews = new Set(views.flat().map(({ id }) => id));
    assert.deepEqual(
      registered.filter((id) => !declared.includes(id) && !ofViews.has(id)),
      [],
    );
  },
};
