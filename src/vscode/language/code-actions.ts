import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { QuickFix } from "../../author/quick-fixes/quick-fix.ts";
import { quickFixes } from "../../author/quick-fixes/quick-fixes.ts";
import { findRegistrations } from "../../author/registrations.ts";
import { diagnosticSource } from "../diagnostics/convert.ts";
import type { ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";
import { rangeOf } from "./ranges.ts";
import { cppFiles, jobFiles } from "./selectors.ts";

/** What mends the findings of native-udf in a module's files. */
export function registerCodeActions({ modules }: Services): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, { diagnostics }, token) {
      const entry = modules.of(document.uri);
      const own = diagnostics.filter(({ source }) => source === diagnosticSource);
      if (!entry || own.length === 0) return [];
      const context = {
        source: document.getText(),
        built: entry.manifest?.functions.map(({ name }) => name) ?? [],
        registered: await registeredIn(entry),
      };
      if (token.isCancellationRequested) return [];
      return own.flatMap((diagnostic) => {
        const { code, message, relatedInformation = [], range } = diagnostic;
        const finding = {
          code: typeof code === "string" ? code : undefined,
          ...{ message, notes: relatedInformation.map((note) => note.message) },
          offset: document.offsetAt(range.start),
        };
        return quickFixes(finding, context).map((fix) => actionOf(fix, { document, diagnostic, entry }));
      });
    },
  };
  const metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(cppFiles, provider, metadata),
    vscode.languages.registerCodeActionsProvider(jobFiles, provider, metadata),
  );
}

type Place = { document: vscode.TextDocument; diagnostic: vscode.Diagnostic; entry: ModuleEntry };

function actionOf(fix: QuickFix, { document, diagnostic, entry }: Place): vscode.CodeAction {
  const action = new vscode.CodeAction(titleOf(fix), vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = fix.kind !== "sanitize";
  if (fix.kind === "generateStubs") {
    action.command = { title: action.title, command: "nativeUdf.generateStubs", arguments: [entry.uri] };
  } else if (fix.kind === "sanitize") {
    action.command = { title: action.title, command: "nativeUdf.runSanitized", arguments: [entry.uri] };
  } else {
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, rangeOf(document, fix.edit.span), fix.edit.text);
  }
  return action;
}

function titleOf(fix: QuickFix): string {
  switch (fix.kind) {
    case "include":
      return vscode.l10n.t("Add #include <{0}>", fix.header);
    case "rename":
      return vscode.l10n.t("Change to {0}", fix.to);
    case "generateStubs":
      return vscode.l10n.t("Build and generate stubs");
    case "sanitize":
      return vscode.l10n.t("Run under Sanitizers");
  }
}

const sourceLimit = 500;

/** Functions that the module's sources register now, saved or not. */
async function registeredIn({ module }: ModuleEntry): Promise<string[]> {
  const pattern = new vscode.RelativePattern(
    vscode.Uri.joinPath(vscode.Uri.file(module.root), "src"),
    "**/*.{cpp,cc,cxx,h,hpp}",
  );
  const files = await vscode.workspace.findFiles(pattern, undefined, sourceLimit);
  const texts = files.map(async ({ fsPath }) => {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === fsPath);
    return open ? open.getText() : readFile(fsPath, "utf8");
  });
  return (await Promise.all(texts)).flatMap((text) => findRegistrations(text).map(({ name }) => name));
}
