/// <reference lib="dom" />
import UPlot from "uplot";
import type { Samples } from "../protocol.ts";

type Options = { label: string; format: (value: number) => string };

/** A colour of the theme that is shown now. */
function color(name: string, fallback: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim() || fallback;
}

/** A small line over time. */
export class Plot {
  readonly element: HTMLElement;
  readonly #options: Options;
  #plot: UPlot | undefined;
  #points = -1;

  constructor(options: Options) {
    this.#options = options;
    this.element = document.createElement("div");
    this.element.className = "plot";
    this.element.setAttribute("role", "img");
    new ResizeObserver(() => this.#resize()).observe(this.element);
    // VS Code says here which theme it has changed to
    new MutationObserver(() => this.#plot?.redraw()).observe(document.body, { attributeFilter: ["class"] });
  }

  update({ seconds, values }: Samples): void {
    const { label, format } = this.#options;
    const last = values.at(-1);
    this.element.setAttribute("aria-label", last === undefined ? label : `${label}: ${format(last)}`);
    if (this.#points === values.length && this.#plot) return;
    this.#points = values.length;
    this.#plot ??= this.#make();
    this.#plot.setData([seconds, values]);
  }

  #make(): UPlot {
    const axis = {
      stroke: () => color("--vscode-descriptionForeground", "#888"),
      grid: { stroke: () => color("--vscode-panel-border", "#8884"), width: 1 },
      ticks: { show: false },
      font: "10px sans-serif",
    };
    const { format, label } = this.#options;
    return new UPlot(
      {
        ...this.#box(),
        title: label,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] } },
        axes: [
          { ...axis, size: 22, values: (_plot, splits) => splits.map((split) => `${split} s`) },
          // half a row is nothing to name
          {
            ...axis,
            size: 56,
            values: (_plot, splits) => splits.map((at) => (Number.isInteger(at) ? format(at) : "")),
          },
        ],
        series: [
          {},
          {
            stroke: () => color("--vscode-charts-blue", "#3794ff"),
            width: 2,
            fill: () => `color-mix(in srgb, ${color("--vscode-charts-blue", "#3794ff")} 15%, transparent)`,
            points: { show: false },
          },
        ],
      },
      [[], []],
      this.element,
    );
  }

  #box(): { width: number; height: number } {
    return { width: Math.max(200, this.element.clientWidth), height: 120 };
  }

  #resize(): void {
    this.#plot?.setSize(this.#box());
  }
}
