import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatRatio } from "../figures.js";
import type { RowResult } from "../measure.js";
import { ratioToTrestle } from "../report.js";
import { benchmarksPage, type Measured } from "./benchmarks-page.js";
import { drawPlot, type PlotLine } from "./plot.js";

/** Writes benchmarks.md into a folder, and its plots beside it. */
export async function writeDocument(folder: string, measured: Measured): Promise<void> {
  const plots = path.join(folder, "benchmarks");
  await mkdir(plots, { recursive: true });
  const lines = measured.results.flatMap(ratios);
  await writeFile(path.join(folder, "benchmarks.md"), benchmarksPage(measured));
  await writeFile(
    path.join(plots, "ratios.svg"),
    drawPlot({
      title: "How many times Trestle's figure the others take",
      axis: "times Trestle's figure (the line is Trestle); further right is slower, or larger",
      lines,
      reference: 1,
      format: formatRatio,
    }),
  );
  await writeFile(
    path.join(plots, "bundles.svg"),
    drawPlot({
      title: "A program of three tasks under a deadline",
      axis: "bytes",
      lines: measured.bundles.map(({ library, minified, gzip }) => ({
        name: library,
        marks: [
          { series: "minified, with gzip", value: gzip },
          { series: "minified", value: minified },
        ],
      })),
      format: (value) => value.toLocaleString("en"),
    }),
  );
}

/** The others' ratios in a row, the best of each library. */
function ratios({ row, results }: RowResult): PlotLine[] {
  const best = new Map<string, number>();
  for (const result of results) {
    const { library } = result.contender;
    const ratio = ratioToTrestle(result, results);
    if (library === "Trestle" || !(ratio > 0) || ratio > (best.get(library) ?? Infinity)) continue;
    best.set(library, ratio);
  }
  if (best.size === 0) return [];
  return [{ name: row.name, marks: [...best].map(([series, value]) => ({ series, value })) }];
}
