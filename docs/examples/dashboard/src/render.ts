// The picture, as lines of text: what is known in, what is shown out.
import type { Monitor } from "./monitor.js";

/** What the picture shows, and the room for it. */
export interface View {
  readonly monitors: readonly Monitor[];
  readonly isPaused: boolean;
  readonly columns: number;
  readonly rows: number;
}

const BARS = "▁▂▃▄▅▆▇█";
const FIGURES = "answer".length + 3 * " 12345 ms".length + 12;
const RED = "\u001B[31m";
const PLAIN = "\u001B[39m";

/** Draws the picture; no line is wider, and there are no more lines, than there is room for. */
export function render({ monitors, isPaused, columns, rows }: View): string[] {
  const widest = Math.max(8, ...monitors.map(({ url }) => url.length));
  const name = Math.max(8, Math.min(widest, columns - FIGURES - 10));
  const chart = Math.max(0, columns - name - FIGURES);
  const head = `${"address".padEnd(name)}  ${"answer".padEnd(12)}${right("last")}${right("median")}${right("95%")}`;
  const lines = monitors.map((monitor) => {
    const { last } = monitor;
    const figures = [last?.ms, monitor.percentile(50), monitor.percentile(95)].map((ms) =>
      right(ms === undefined ? "" : `${ms} ms`),
    );
    const url = monitor.url.padEnd(name).slice(0, name);
    const line = `${url}  ${(last?.answer ?? "").padEnd(12).slice(0, 12)}${figures.join("")}  ${sparkline(monitor, chart)}`;
    const fitting = line.slice(0, columns).trimEnd();
    return last?.isGood === false ? `${RED}${fitting}${PLAIN}` : fitting;
  });
  const foot = isPaused ? "paused: p goes on, q quits" : "p pauses, q quits";
  return [
    head.slice(0, columns),
    ...lines.slice(0, Math.max(0, rows - 3)),
    "",
    foot.slice(0, columns),
  ];
}

function right(text: string): string {
  return text.padStart(9);
}

/** The last times as bars; the longest is the highest, and what failed is a gap. */
export function sparkline(monitor: Monitor, width: number): string {
  const samples = width === 0 ? [] : monitor.samples.slice(-width);
  const highest = Math.max(1, ...samples.map(({ ms }) => ms));
  return samples
    .map(({ ms, isGood }) => (isGood ? BARS[Math.ceil((ms / highest) * (BARS.length - 1))] : " "))
    .join("");
}
