// The document that a whole run leaves behind: docs/benchmarks.md.
import { counters } from "../audit.js";
import { formatFigure, formatRatio } from "../figures.js";
import type { Verdict } from "../goals.js";
import type { Result, RowResult } from "../measure.js";
import { ratioToTrestle } from "../report.js";
import type { Unit } from "../row.js";
import type { BundleSize } from "./bundle-sizes.js";
import type { TrioFigures } from "./trio-figures.js";

/** All that the document tells. */
export interface Measured {
  /** A line for each: what the machine is, and what ran on it. */
  readonly machine: readonly string[];
  /** The most samples of each contender. */
  readonly rounds: number;
  readonly results: readonly RowResult[];
  readonly verdicts: readonly Verdict[];
  readonly bundles: readonly BundleSize[];
  readonly trio: TrioFigures;
}

/** Whom one would like to see beside Trestle. */
const wanted = ["native", "Effect", "Effection", "piscina", "tinypool", "execa"];

/** The document, as Markdown; the plots lie beside it, in a folder of its name. */
export function benchmarksPage(measured: Measured): string {
  const { results, bundles } = measured;
  return [
    ...head(measured),
    "## At a glance",
    "",
    "![Every figure as a multiple of Trestle's, row by row](benchmarks/ratios.svg)",
    "",
    "## Where Trestle is behind",
    "",
    ...behind(results),
    "",
    ...unmet(measured.verdicts),
    ...missing(measured),
    "## What must be zero",
    "",
    "Counted while each library did the same work once more: tasks alive after their end was reported, timers left, errors that nobody was told of,",
    "and times that a cancelled task went on.",
    "",
    ...table(
      ["library", "rows", "leaked", "timers left", "errors lost", "ran on"],
      counts(results),
    ),
    "",
    "## Bundle size",
    "",
    "The same program for each, with all that it needs: three tasks that sleep, under a deadline. Bundled and minified by esbuild.",
    "",
    "![Bundle sizes](benchmarks/bundles.svg)",
    "",
    ...table(
      ["program", "minified, bytes", "with gzip, bytes"],
      bundles.map(({ library, minified, gzip }) => [library, number(minified), number(gzip)]),
    ),
    "",
    "## Row by row",
    "",
    "Ratios are to the first line of Trestle's: 2 means twice as much. Less is better everywhere.",
    ...results.flatMap(section),
    "",
    ...trioSection(measured),
  ].join("\n");
}

function head({ machine, rounds }: Measured): string[] {
  return [
    "# Benchmarks",
    "",
    "Written by `pnpm bench`, which measures all contenders of a row in one process; nothing here is edited by hand.",
    "",
    ...machine.map((line) => `- ${line}`),
    "",
    `Each row's contenders take turns, A B C A B C, for up to ${rounds} samples of about 20 ms each, after a warm-up. Of a time the minimum counts, since noise`,
    "only ever adds to it; of a heap or a lag the median. Read the ratios: the figures are those of one machine in one minute.",
    "[The bench's README](../tooling/bench/README.md) has the method in full.",
    "",
  ];
}

/** What is ahead of Trestle's best, row by row. */
function behind(results: readonly RowResult[]): string[] {
  const lines = results.flatMap((result) => {
    const own = result.results.filter(isTrestle);
    const best = Math.min(...own.map(({ figure }) => figure));
    const ahead = result.results.filter((other) => !isTrestle(other) && other.figure < best);
    return ahead.map(({ contender, figure }) => {
      const times = formatRatio(best / figure);
      return `- \`${result.row.name}\` (${result.row.title}): ${contender.library}, \`${contender.code}\`, takes 1/${times} of Trestle's best`;
    });
  });
  return lines.length === 0 ? ["Nowhere in this run."] : lines;
}

function unmet(verdicts: readonly Verdict[]): string[] {
  const lines = verdicts
    .filter(({ met }) => met === false)
    .map(
      ({ goal, figure }) =>
        `- ${goal.text}: ${formatRatio(figure)}, where at most ${goal.must} is the goal`,
    );
  if (lines.length === 0) return [];
  return ["Goals that this run has not met:", "", ...lines, ""];
}

function missing({ results, trio }: Measured): string[] {
  const there = new Set<string>(
    results.flatMap((row) => row.results.map(({ contender }) => contender.library)),
  );
  const lines = wanted.filter((name) => !there.has(name)).map((name) => `- ${name}: no row has it`);
  if ("missing" in trio) lines.push(`- Trio and trio-asyncio: ${trio.missing}`);
  else if (trio.trioAsyncio === undefined)
    lines.push("- trio-asyncio: this Python does not have it");
  if (lines.length === 0) return [];
  return ["## What is missing", "", ...lines, ""];
}

function counts(results: readonly RowResult[]): string[][] {
  const all = results.flatMap((row) => row.results);
  const libraries = [...new Set(all.map(({ contender }) => contender.library))];
  return libraries.flatMap((library) => {
    const audits = all
      .filter(({ contender }) => contender.library === library)
      .map(({ audit }) => audit);
    const audited = audits.filter((audit) => counters.some((name) => audit[name] !== undefined));
    if (audited.length === 0) return [];
    const sums = ["leaked", "timers", "lost", "ranOn"] as const;
    return [
      [
        library,
        number(audited.length),
        ...sums.map((name) => number(audited.reduce((sum, audit) => sum + (audit[name] ?? 0), 0))),
      ],
    ];
  });
}

function section(result: RowResult): string[] {
  const { row, results } = result;
  return [
    "",
    `### ${row.name}`,
    "",
    `${row.title[0]?.toUpperCase()}${row.title.slice(1)}: ${row.unit} per ${row.per}.`,
    "",
    ...table(
      ["library", "code", "minimum", "median", "ratio"],
      results.map((one) => cells(one, results, row.unit)),
    ),
    ...(row.notes ?? []).flatMap((note) => ["", note]),
  ];
}

function cells(one: Result, results: readonly Result[], unit: Unit): string[] {
  const ratio = ratioToTrestle(one, results);
  return [
    one.contender.library,
    `\`${one.contender.code}\``,
    formatFigure(one.minimum, unit),
    formatFigure(one.median, unit),
    Number.isFinite(ratio) ? formatRatio(ratio) : "",
  ];
}

function trioSection({ trio, results }: Measured): string[] {
  if ("missing" in trio) return [];
  const rows = Object.entries(trio.rows).map(([name, figure]) => {
    const own = results.find(({ row }) => row.name === name)?.results.find(isTrestle)?.figure;
    return [
      name,
      formatFigure(figure, "ns"),
      own === undefined ? "" : formatFigure(own, "ns"),
      own === undefined ? "" : formatRatio(figure / own),
    ];
  });
  return [
    "## Beside Trio",
    "",
    `Trio ${trio.trio} on Python ${trio.python}: another language on another virtual machine, so this tells what its users are used to, and little about either library.`,
    "",
    ...table(["row", "Trio, ns", "Trestle, ns", "ratio"], rows),
    "",
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((words) => words.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}

function isTrestle({ contender }: Result): boolean {
  return contender.library === "Trestle";
}

function number(value: number): string {
  return value.toLocaleString("en");
}
