import * as vscode from "vscode";
import { type Completion, completionsAt } from "../../author/completion.ts";
import type { JobKnowledge } from "./job-knowledge.ts";
import { rangeOf } from "./ranges.ts";
import { jobFiles } from "./selectors.ts";

const kinds = {
  function: vscode.CompletionItemKind.Function,
  column: vscode.CompletionItemKind.Field,
  field: vscode.CompletionItemKind.Property,
  table: vscode.CompletionItemKind.Struct,
};

/** Functions, columns and struct fields in the SQL of jobs. */
export function registerCompletion(knowledge: JobKnowledge): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position, token) {
      const open = knowledge.open(document);
      if (!open) return undefined;
      const offset = document.offsetAt(position);
      // most of what is typed in a file is no SQL: then no process is asked
      if (!completionsAt(open.job, offset, { functions: [], input: [] })) return undefined;
      const found = completionsAt(open.job, offset, await knowledge.known(open, token));
      if (!found || token.isCancellationRequested) return undefined;
      const range = rangeOf(document, found.span);
      return found.items.map((item) => itemOf(item, range));
    },
  };
  return vscode.languages.registerCompletionItemProvider(jobFiles, provider, ".", "(", ",", " ");
}

function itemOf(completion: Completion, range: vscode.Range): vscode.CompletionItem {
  const { kind, label, detail, doc, insert, arguments: parameters, within, fits } = completion;
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.detail = detail;
  item.documentation = doc;
  item.range = range;
  item.filterText = insert.startsWith('"') || insert.startsWith("\\") ? insert : label;
  // what fits, columns, functions
  item.sortText = `${fits ? 0 : kind === "function" ? 2 : 1}${label}`;
  item.insertText = kind === "function" ? callOf(insert, parameters, within) : insert;
  if (kind === "function" && parameters.length > 0) {
    item.command = { command: "editor.action.triggerParameterHints", title: "" };
  }
  return item;
}

function callOf(name: string, parameters: readonly string[], within: string | undefined): vscode.SnippetString {
  const snippet = new vscode.SnippetString().appendText(within === undefined ? `${name}(` : `${within}(${name}(`);
  for (const [index, parameter] of parameters.entries()) {
    if (index > 0) snippet.appendText(", ");
    snippet.appendPlaceholder(parameter);
  }
  return snippet.appendText(within === undefined ? ")" : "))");
}
