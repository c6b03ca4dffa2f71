import { html, type TemplateResult } from "lit";
import { workerName } from "../../core/events.ts";
import type { RunDetail, TimelinePart } from "../protocol.ts";
import { seconds } from "./format.ts";

/** One lane for each worker, one block for each attempt at a part. */
export function timeline(detail: RunDetail, onPart: (part: TimelinePart) => void): TemplateResult {
  const end = Math.max(detail.seconds, 0.001);
  const percent = (value: number) => `${(100 * value) / end}%`;
  const block = (part: TimelinePart) => {
    const until = part.end ?? end;
    const name = `Part ${part.part}, ${workerName(part.worker)}, ${part.outcome}, ${seconds(until - part.begin)}, ${part.input}`;
    return html`<button
      class="part ${part.outcome}"
      style="left: ${percent(part.begin)}; width: max(3px, calc(${percent(until - part.begin)} - 1px))"
      title=${name}
      aria-label=${name}
      @click=${() => onPart(part)}
    ></button>`;
  };
  return html`<div class="timeline" role="group" aria-label="Parts by worker">
    ${[...detail.workers]
      .sort((a, b) => a - b)
      .map(
        (worker) => html`<div class="lane">
          <span class="lane-name">${workerName(worker)}</span>
          <div class="lane-parts">${detail.parts.filter((part) => part.worker === worker).map(block)}</div>
        </div>`,
      )}
    <div class="lane"><span class="lane-name"></span><div class="lane-end">${seconds(detail.seconds)}</div></div>
  </div>`;
}
