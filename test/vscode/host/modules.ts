import assert from "node:assert/strict";
import * as vscode from "vscode";
import { activated, extension, type HostTest, untilEvent } from "./host-test.ts";

const folder = () => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first);
  return first.uri;
};

const exists = (uri: vscode.Uri) =>
  vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );

export const modules: Readonly<Record<string, HostTest>> = {
  "a folder with native-udf.json activates the extension by itself": async () => {
    assert.ok(await exists(vscode.Uri.joinPath(folder(), "native-udf.json")));
    await activated();
    assert.ok(extension().isActive);
  },

  "Build makes the artifact and leaves no diagnostic; an error in the source is one at its line, and goes with it":
    async () => {
      await vscode.commands.executeCommand("nativeUdf.build");
      const artifacts = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder(), "artifacts"));
      assert.ok(artifacts.some(([name]) => /^flight_features-[0-9a-f]{12}\.udf\.so$/.test(name)));

      const source = vscode.Uri.joinPath(folder(), "src", "flight_features.cpp");
      const errors = () => vscode.languages.getDiagnostics(source).filter(({ source: from }) => from === "native-udf");
      assert.deepEqual(errors(), []);
      const right = await vscode.workspace.fs.readFile(source);
      const wrong = new TextDecoder().decode(right).replace("celsius * 9 / 5", "celsius * nine / 5");
      await vscode.workspace.fs.writeFile(source, new TextEncoder().encode(wrong));
      // a command that fails shows a message, which waits for its user
      void vscode.commands.executeCommand("nativeUdf.build");
      await untilEvent(vscode.languages.onDidChangeDiagnostics, () => errors().length > 0);
      const [error] = errors();
      assert.match(error?.message ?? "", /nine/);
      assert.equal(
        error?.range.start.line,
        wrong.split("\n").findIndex((line) => line.includes("nine")),
      );

      await vscode.workspace.fs.writeFile(source, right);
      await vscode.commands.executeCommand("nativeUdf.build");
      assert.deepEqual(errors(), []);
    },

  "the task native-udf: build is provided, and ends with exit code 0": async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: "native-udf" });
    const task = tasks.find(({ definition }) => definition.task === "build");
    assert.ok(task, `there is no build among ${tasks.map(({ name }) => name).join(", ")}`);
    const ended = new Promise<number | undefined>((resolve) => {
      const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== task.name) return;
        subscription.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 0);
  },
};
