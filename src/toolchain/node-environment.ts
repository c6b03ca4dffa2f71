/**
 * The environment for a Node process that runs the author's code: this process's own without what would change Node
 * (NODE_OPTIONS, NODE_TEST_CONTEXT) or belongs to an editor (VSCODE_*, ELECTRON_*), and with Electron's binary told to be plain Node.
 */
export function nodeEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(?:NODE_OPTIONS$|NODE_TEST_CONTEXT$|VSCODE_|ELECTRON_)/.test(name))
      kept[name] = value;
  }
  return { ...kept, ELECTRON_RUN_AS_NODE: "1", ...extra };
}
