import { randomBytes } from "node:crypto";
import type { PanelState } from "../protocol.ts";

type Options = {
  script: string;
  style: string;
  cspSource: string;
  language: string;
  /** What the page showed in an earlier window. */
  state?: PanelState | undefined;
};

/** The panel's HTML. Nothing is loaded but its own script and style. */
export function panelPage({ script, style, cspSource, language, state }: Options): string {
  const nonce = randomBytes(16).toString("base64url");
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource} 'unsafe-inline'`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Native UDF</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="panel" data-state="${attribute(JSON.stringify(state ?? null))}"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
