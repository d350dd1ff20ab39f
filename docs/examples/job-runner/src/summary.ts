// The end of the story: a table of all jobs, and a line that counts.
import type { Entry, State } from "./board.js";

const HEADER = ["Job", "Result", "Tries", "Time", "Note"];
/** Columns with numbers. */
const FLUSH_RIGHT: ReadonlySet<number> = new Set([2, 3]);
const COUNTED: readonly State[] = ["ok", "failed", "skipped", "cancelled"];

/** Renders how all jobs stand. */
export function summaryOf(entries: readonly Readonly<Entry>[]): string {
  const rows = entries.map(({ name, state, tries, ms, note }) =>
    tries === 0
      ? [name, state, "", "", note]
      : [name, state, String(tries), `${(ms / 1000).toFixed(1)} s`, note],
  );
  const counts = COUNTED.flatMap((state) => {
    const count = entries.filter((entry) => entry.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `${tableOf(rows)}\n${counts.join(", ")}.\n`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = HEADER.map((word, column) =>
    // Nothing stands after the last column.
    Math.max(word.length, ...(column < 4 ? rows.map((row) => row[column]?.length ?? 0) : [])),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return FLUSH_RIGHT.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width));
  return [HEADER, rule, ...rows].map((cells) => `${line(cells)}\n`).join("");
}
