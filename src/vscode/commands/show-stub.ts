import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import { chooseModule } from "../choose.ts";
import { functionArgument } from "../language/function-argument.ts";
import type { Command } from "./command.ts";

/** Opens the TypeScript stub at a function, or at its beginning. */
export const showStub: Command = {
  id: "nativeUdf.showStub",
  needsTrust: false,
  run: async (services, argument) => {
    const wanted = functionArgument(argument);
    const { module } = await chooseModule(services, wanted ? { root: wanted.root } : argument);
    const file = path.join(module.stubs, `${module.name}.ts`);
    if (!existsSync(file)) {
      throw new UdfError("ARTIFACT_MISSING", {
        what: vscode.l10n.t("there is no stub yet"),
        where: vscode.workspace.asRelativePath(file),
        next: vscode.l10n.t('Use "Native UDF: Generate Stubs".'),
      });
    }
    const document = await vscode.workspace.openTextDocument(file);
    const name = wanted?.function;
    const offset = name === undefined ? 0 : document.getText().search(new RegExp(`^export function ${name}\\(`, "m"));
    if (offset < 0) {
      throw new UdfError("FUNCTION_UNKNOWN", {
        what: vscode.l10n.t("the stub does not have {0}() yet", name ?? ""),
        where: vscode.workspace.asRelativePath(file),
        next: vscode.l10n.t('Use "Native UDF: Generate Stubs".'),
      });
    }
    const position = document.positionAt(offset);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
  },
};
