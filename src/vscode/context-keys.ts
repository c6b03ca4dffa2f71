import * as vscode from "vscode";

/** What `when` clauses in package.json may ask for, with the type of each. */
export type ContextKeys = {
  "nativeUdf.state": "starting" | "ready" | "limited" | "failed";
  /** The workspace has a module. */
  "nativeUdf.hasModule": boolean;
  /** One of its modules has been built. */
  "nativeUdf.hasArtifact": boolean;
  /** A run of one of its modules goes on. */
  "nativeUdf.isRunning": boolean;
  /** There is a job that was submitted in this workspace. */
  "nativeUdf.hasLastJob": boolean;
  /** Paths of the PySpark scripts of its modules. */
  "nativeUdf.scripts": readonly string[];
};

const known = new Map<string, unknown>();

/** Sets one, if it is not so already. */
export function setContextKey<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void vscode.commands.executeCommand("setContext", key, value);
}
