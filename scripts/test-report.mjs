/** @typedef {import("./test-file.mjs").Outcome} Outcome */

const colors = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (/** @type {number} */ code) => (/** @type {string} */ text) =>
  colors ? `\x1b[${code}m${text}\x1b[0m` : text;
const red = paint(31);
const green = paint(32);
const dim = paint(2);

/**
 * One job's result for people: its tests by title, failures in full. `short` leaves out the titles of what passed.
 * @param {Outcome} outcome
 * @param {{ short: boolean }} options
 */
export function formatOutcome(outcome, { short }) {
  const { name, passed, failed, skipped, seconds, events, notes = [], output } = outcome;
  const mark = failed > 0 ? red("✖") : green("✔");
  const counts = [`${passed} passed`];
  if (failed > 0) counts.push(red(`${failed} failed`));
  if (skipped > 0) counts.push(`${skipped} skipped`);
  const lines = [`${mark} ${name}  ${dim(`${counts.join(", ")}, ${seconds.toFixed(1)} s`)}`];
  for (const event of events) {
    const failure = !event.passed && !event.byChildren;
    if (short && !failure && event.skipped === undefined) continue;
    const state = event.skipped !== undefined ? "–" : event.passed ? green("✔") : red("✖");
    const reason = event.skipped !== undefined && event.skipped !== "true" ? dim(` (skipped: ${event.skipped})`) : "";
    const indent = "  ".repeat(event.nesting + 1);
    lines.push(`${indent}${state} ${event.name}${reason}`);
    if (failure) lines.push(indented(`${event.place ?? ""}\n${event.error ?? ""}`.trim(), `${indent}    `));
  }
  for (const note of notes) lines.push(indented(note, "  ! "));
  if (failed > 0 && output.trim() !== "") lines.push(dim("    what it wrote:"), indented(output.trimEnd(), "    │ "));
  return lines.join("\n");
}

/**
 * @param {string} text
 * @param {string} prefix
 */
function indented(text, prefix) {
  return text.replaceAll(/^/gm, prefix);
}

/**
 * The closing line of the test command, and the exit code that goes with it.
 * @param {readonly Outcome[]} outcomes
 */
export function closing(outcomes) {
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const skipped = sum("skipped");
  const line = `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { line, exitCode: sum("failed") > 0 || sum("passed") === 0 ? 1 : 0 };
}
