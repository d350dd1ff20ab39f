import { expect, test } from "vitest";
import { formatVerdicts, judge, type Goal } from "../src/goals.js";
import type { Result, RowResult } from "../src/measure.js";
import type { Library } from "../src/row.js";

function result(library: Library, figure: number): Result {
  const contender = { library, code: library, measure: async () => figure };
  return {
    contender,
    count: 1,
    samples: [figure],
    minimum: figure,
    median: figure,
    figure,
    audit: {},
  };
}

function measured(name: string, results: readonly Result[]): RowResult {
  const row = { name, title: name, unit: "ns", per: "turn", count: 1, contenders: [] } as const;
  return { row, results };
}

const asFastAsEffect: Goal = {
  row: "spawn",
  text: "a start, in Effect's",
  figure: (of) => of("Trestle") / of("Effect"),
  must: 1 / 5,
  wanted: 1 / 8,
};

test("judges a goal by what is asked for and by what is hoped for", () => {
  const spawn = measured("spawn", [result("Trestle", 10), result("Effect", 60)]);
  expect(judge([spawn], [asFastAsEffect])).toEqual([
    { goal: asFastAsEffect, figure: 1 / 6, met: true, wantedMet: false },
  ]);
});

test("takes the first of a library's contenders unless told otherwise", () => {
  const second: Goal = {
    row: "linear",
    text: "growth",
    figure: (of) => of("Trestle", 1) / of("Trestle"),
    must: 2,
  };
  const linear = measured("linear", [
    result("Trestle", 10),
    result("Effect", 1),
    result("Trestle", 15),
  ]);
  expect(judge([linear], [second])).toEqual([
    { goal: second, figure: 1.5, met: true, wantedMet: undefined },
  ]);
});

test("judges only what was measured", () => {
  expect(judge([measured("other", [])], [asFastAsEffect])).toEqual([]);
  expect(formatVerdicts([])).toEqual([]);
});

test("prints small ratios as fractions", () => {
  const spawn = measured("spawn", [result("Trestle", 10), result("Effect", 60)]);
  expect(formatVerdicts(judge([spawn], [asFastAsEffect]))).toEqual([
    "goals",
    "                        measured  goal     wanted",
    "  a start, in Effect's       1/6  1/5 met  1/8 NOT MET",
  ]);
});
