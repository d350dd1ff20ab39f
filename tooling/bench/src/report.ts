// What is printed of a row: a title, a table, and the notes below it.
import { counters } from "./audit.js";
import { formatFigure, formatRatio } from "./figures.js";
import type { Result, RowResult } from "./measure.js";
import { formatTable, type Column } from "./table.js";

const heads: Readonly<Record<(typeof counters)[number], string>> = {
  leaked: "leaked",
  timers: "timers left",
  lost: "errors lost",
  ranOn: "ran on",
};

/** The lines of a row. Ratios are to Trestle's figure: minima for times, medians for everything else. */
export function formatRow({ row, results }: RowResult): string[] {
  const audited = counters.filter((counter) =>
    results.some(({ audit }) => audit[counter] !== undefined),
  );
  const lags = results.some(({ audit }) => audit.lag !== undefined);
  const columns: Column[] = [
    { head: "", align: "left" },
    { head: "", align: "left" },
    { head: "minimum", align: "right" },
    { head: "median", align: "right" },
    { head: "x Trestle", align: "right" },
    ...audited.map((counter): Column => ({ head: heads[counter], align: "right" })),
    ...(lags ? [{ head: "timer lag, ms", align: "right" } as const] : []),
  ];
  const cells = results.map((result) => [
    result.contender.library,
    result.contender.code,
    formatFigure(result.minimum, row.unit),
    formatFigure(result.median, row.unit),
    formatRatio(ratioToTrestle(result, results)),
    ...audited.map((counter) => result.audit[counter]?.toLocaleString("en") ?? ""),
    ...(result.audit.lag === undefined ? [] : [formatFigure(result.audit.lag, "ms")]),
  ]);
  return [
    `${row.name}: ${row.title} (${row.unit} per ${row.per})`,
    ...formatTable(columns, cells).map((line) => `  ${line}`),
    ...(row.notes ?? []).map((note) => `  (${note})`),
  ];
}

/** How many times Trestle's figure this one is. Where Trestle is there more than once, its first one counts. */
export function ratioToTrestle(result: Result, results: readonly Result[]): number {
  const trestle = results.find(({ contender }) => contender.library === "Trestle");
  return trestle === undefined ? Number.NaN : result.figure / trestle.figure;
}
