import { html, type TemplateResult } from "lit";
import type { RunDetail, RunItem } from "../protocol.ts";
import { send } from "./bridge.ts";
import { visibleText } from "./visible-text.ts";

/** The first rows of a result. A click or Enter on a cell copies its value. */
export function resultTable({ result }: RunDetail, { id, state }: RunItem): TemplateResult {
  if (!result)
    return html`<p class="empty">${state === "running" ? "The result comes when the run has ended." : "There is no result."}</p>`;
  const { columns, preview, rows, path } = result;
  const copy = (value: string | null) => () => send({ kind: "copy", text: value ?? "" });
  const cell = (value: string | null) =>
    html`<td><button class=${value === null ? "null" : "value"} title="Copy" @click=${copy(value)}>${value === null ? "null" : visibleText(value)}</button></td>`;
  return html`<p>
      ${rows.toLocaleString("en")} rows in <button class="link" @click=${() => send({ kind: "openResult", run: id })}>${path}</button>${rows > preview.length ? `; the first ${preview.length}:` : ""}
    </p>
    <div class="table" tabindex="0" role="region" aria-label="Rows of the result">
      <table>
        <thead>
          <tr>${columns.map(({ name, type }) => html`<th scope="col">${name}<small>${type}</small></th>`)}</tr>
        </thead>
        <tbody>${preview.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody>
      </table>
    </div>`;
}
