import type { Unit } from "./row.js";

/** A measured figure as the table shows it: three digits that count, or all of those before the point. */
export function formatFigure(value: number, unit: Unit): string {
  return grouped(value, unit === "bytes" ? 0 : digitsAfterPoint(value, unit === "ms" ? 1 : 3));
}

/** How many times as much as something else: "0.43", "8.2", "120". */
export function formatRatio(ratio: number): string {
  return grouped(ratio, ratio < 10 ? 2 : ratio < 100 ? 1 : 0);
}

function digitsAfterPoint(value: number, most: number): number {
  const before = value < 1 ? 1 : Math.floor(Math.log10(value)) + 1;
  return Math.min(most, Math.max(0, 3 - before));
}

function grouped(value: number, digits: number): string {
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
