import type * as vscode from "vscode";

/** Files of these kinds, on a disk; the providers look whether one lies in a module. */
export const jobFiles: vscode.DocumentSelector = { scheme: "file", pattern: "**/*.job.ts" };
export const scriptFiles: vscode.DocumentSelector = { scheme: "file", pattern: "**/*.py" };
export const cppFiles: vscode.DocumentSelector = { scheme: "file", language: "cpp" };
