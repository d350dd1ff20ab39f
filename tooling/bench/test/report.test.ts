import { expect, test } from "vitest";
import type { Audit } from "../src/audit.js";
import type { Result } from "../src/measure.js";
import { formatRow, ratioToTrestle } from "../src/report.js";
import type { Library, Row } from "../src/row.js";

function result(library: Library, minimum: number, audit: Audit = {}): Result {
  const contender = { library, code: `code of ${library}`, measure: async () => minimum };
  return { contender, count: 1, samples: [], minimum, median: minimum + 1, figure: minimum, audit };
}

const row: Row = {
  name: "cancel",
  title: "cancel sleepers",
  unit: "ns",
  per: "task",
  count: 1,
  contenders: [],
  notes: ["They sleep well."],
};

test("shows figures, ratios, the counters that somebody has, and the notes", () => {
  const results = [result("Trestle", 100, { leaked: 0 }), result("Effect", 250)];
  expect(formatRow({ row, results })).toEqual([
    "cancel: cancel sleepers (ns per task)",
    "                            minimum  median  x Trestle  leaked",
    "  Trestle  code of Trestle      100     101       1.00       0",
    "  Effect   code of Effect       250     251       2.50",
    "  (They sleep well.)",
  ]);
});

test("shows the lag of a timer where it was looked at", () => {
  const results = [
    result("Trestle", 100, { timers: 0, lag: 1.26 }),
    result("native", 500, { timers: 2, lag: 190 }),
  ];
  expect(formatRow({ row, results }).slice(1, 4)).toEqual([
    "                            minimum  median  x Trestle  timers left  timer lag, ms",
    "  Trestle  code of Trestle      100     101       1.00            0            1.3",
    "  native   code of native       500     501       5.00            2            190",
  ]);
});

test("has no ratio where Trestle is not in the row", () => {
  const effect = result("Effect", 250);
  expect(ratioToTrestle(effect, [effect])).toBeNaN();
});
