import { expect, test } from "vitest";
import { benchmarksPage, type Measured } from "../../src/document/benchmarks-page.js";
import type { Result, RowResult } from "../../src/measure.js";
import type { Library } from "../../src/row.js";

function result(library: Library, figure: number, audit = {}): Result {
  const contender = { library, code: `code of ${library}`, measure: async () => figure };
  return { contender, count: 1, samples: [], minimum: figure, median: figure, figure, audit };
}

function row(name: string, results: readonly Result[]): RowResult {
  const contenders = results.map(({ contender }) => contender);
  return {
    row: { name, title: `what ${name} does`, unit: "ns", per: "task", count: 1, contenders },
    results,
  };
}

const measured: Measured = {
  machine: ["two cores"],
  rounds: 5,
  results: [
    row("cancel", [
      result("Trestle", 100, { leaked: 0, lost: 0 }),
      result("native", 50, { leaked: 9, lost: 1 }),
      result("Effect", 300, { leaked: 0, lost: 0 }),
    ]),
  ],
  verdicts: [],
  bundles: [{ library: "Effect", minified: 90_000, gzip: 30_000 }],
  trio: { missing: "there is no python3 here" },
};

test("says where Trestle is behind", () => {
  expect(benchmarksPage(measured)).toContain(
    "- `cancel` (what cancel does): native, `code of native`, takes 1/2.00 of Trestle's best",
  );
  const ahead = { ...measured, results: [row("cancel", [result("Trestle", 1)])] };
  expect(benchmarksPage(ahead)).toContain("Nowhere in this run.");
});

test("says which goals were missed", () => {
  const goal = { row: "cancel", text: "cancel / Effect's", figure: () => 2, must: 1 };
  const page = benchmarksPage({
    ...measured,
    verdicts: [{ goal, figure: 2, met: false, wantedMet: undefined }],
  });
  expect(page).toContain("- cancel / Effect's: 2.00, where at most 1 is the goal");
});

test("says what is missing", () => {
  const page = benchmarksPage(measured);
  expect(page).toContain("- execa: no row has it");
  expect(page).not.toContain("- Effect: no row has it");
  expect(page).toContain("- Trio and trio-asyncio: there is no python3 here");
});

test("adds up what must be zero", () => {
  const page = benchmarksPage(measured);
  expect(page).toContain("| Trestle | 1 | 0 | 0 | 0 | 0 |");
  expect(page).toContain("| native | 1 | 9 | 0 | 1 | 0 |");
});

test("has a table for each row, and one for the bundles", () => {
  const page = benchmarksPage(measured);
  expect(page).toContain("### cancel\n\nWhat cancel does: ns per task.");
  expect(page).toContain("| Effect | `code of Effect` | 300 | 300 | 3.00 |");
  expect(page).toContain("| Effect | 90,000 | 30,000 |");
});

test("sets Trio's figures beside Trestle's", () => {
  const trio = { python: "3.14.0", trio: "0.34.0", trioAsyncio: undefined, rows: { cancel: 250 } };
  const page = benchmarksPage({ ...measured, trio });
  expect(page).toContain("| cancel | 250 | 100 | 2.50 |");
  expect(page).toContain("- trio-asyncio: this Python does not have it");
});
