import * as vscode from "vscode";
import { hoverAt, signatureAt } from "../../author/hover.ts";
import { formatArgument, formatSignature } from "../../core/manifest.ts";
import type { JobKnowledge } from "./job-knowledge.ts";
import { rangeOf } from "./ranges.ts";
import { jobFiles } from "./selectors.ts";

/** Signatures, docs and types in the SQL of jobs, under the pointer and while arguments are written. */
export function registerHover(knowledge: JobKnowledge): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(jobFiles, {
      async provideHover(document, position, token) {
        const open = knowledge.open(document);
        if (!open) return undefined;
        const found = hoverAt(open.job, document.offsetAt(position), await knowledge.known(open, token));
        if (!found) return undefined;
        const code = found.kind === "function" ? found.signature : `${found.name}: ${found.type}`;
        const text = new vscode.MarkdownString().appendCodeblock(code, "typescript");
        if (found.kind === "function") text.appendText(found.description.doc);
        return new vscode.Hover(text, rangeOf(document, found.span));
      },
    }),
    vscode.languages.registerSignatureHelpProvider(
      jobFiles,
      {
        provideSignatureHelp(document, position) {
          const open = knowledge.open(document);
          const functions = open?.entry.manifest?.functions ?? [];
          const found = open && signatureAt(open.job, document.offsetAt(position), functions);
          if (!found) return undefined;
          const { description, argument } = found;
          const signature = new vscode.SignatureInformation(formatSignature(description), description.doc);
          signature.parameters = description.arguments.map(
            (argument) => new vscode.ParameterInformation(formatArgument(argument)),
          );
          const help = new vscode.SignatureHelp();
          help.signatures = [signature];
          help.activeParameter = argument;
          return help;
        },
      },
      "(",
      ",",
    ),
  );
}
