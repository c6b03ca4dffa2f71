import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { registerCodeActions } from "./code-actions.ts";
import { registerCodeLenses } from "./code-lenses.ts";
import { registerCompletion } from "./completion.ts";
import { registerHover } from "./hover.ts";
import { JobKnowledge } from "./job-knowledge.ts";

/** What the editor shows and offers in the files of modules. */
export function registerLanguage(services: Services): vscode.Disposable {
  const knowledge = new JobKnowledge(services);
  return vscode.Disposable.from(
    knowledge,
    registerCodeLenses(services),
    registerCompletion(knowledge),
    registerHover(knowledge),
    registerCodeActions(services),
  );
}
