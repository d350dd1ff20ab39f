import { expect, onTestFinished, test } from "vitest";
import { measureRow } from "../src/measure.js";
import type { Contender, Row } from "../src/row.js";

const MS = 1e6;

function contender(code: string, trace: string[], perCount: (sample: number) => number): Contender {
  let sample = 0;
  return {
    library: "Trestle",
    code,
    async measure(count) {
      trace.push(`${code}${count}`);
      return count * perCount(sample++);
    },
  };
}

function rowOf(contenders: readonly Contender[], more: Partial<Row> = {}): Row {
  return { name: "row", title: "a row", unit: "ns", per: "turn", count: 10, contenders, ...more };
}

test("lets the contenders take turns, after a round that does not count", async () => {
  const trace: string[] = [];
  const row = rowOf([
    contender("a", trace, (sample) => [1000, 3, 1, 2][sample] ?? Number.NaN),
    contender("b", trace, (sample) => [1000, 7, 9, 8][sample] ?? Number.NaN),
  ]);
  const { results } = await measureRow(row, { rounds: 3, collectGarbage: () => trace.push("gc") });
  expect(trace.join(" ")).toBe("gc a10 gc b10 gc a10 gc b10 gc a10 gc b10 gc a10 gc b10");
  expect(results.map(({ samples }) => samples)).toEqual([
    [3, 1, 2],
    [7, 9, 8],
  ]);
  expect(results.map(({ minimum, median, figure }) => [minimum, median, figure])).toEqual([
    [1, 2, 1],
    [7, 8, 7],
  ]);
});

test("compares anything but times by the median", async () => {
  const row = rowOf([contender("a", [], (sample) => sample)], { unit: "bytes" });
  const { results } = await measureRow(row, { rounds: 3, collectGarbage: () => {} });
  expect(results.map(({ figure }) => figure)).toEqual([2]);
});

test("finds the count that fills a sample, in whole steps", async () => {
  const trace: string[] = [];
  // The first runs are slow, as code is that has just begun.
  const row = rowOf([contender("a", trace, (sample) => (sample < 3 ? 0.1 * MS : 0.03 * MS))], {
    count: "calibrated",
    step: 100,
  });
  const { results } = await measureRow(row, { rounds: 1, collectGarbage: () => {} });
  // 10, 20, 20 ms while slow, then 6, 12 and 24; that makes 20 ms out of 667 turns.
  expect(trace.slice(0, 6)).toEqual(["a100", "a200", "a200", "a200", "a400", "a800"]);
  expect(results[0]?.count).toBe(700);
});

test("keeps a contender's own count, and a row's own limit of rounds", async () => {
  const trace: string[] = [];
  const row = rowOf([{ ...contender("a", trace, () => 1), count: 3 }], { mostRounds: 2 });
  const { results } = await measureRow(row, { rounds: 9, collectGarbage: () => {} });
  expect(trace).toEqual(["a3", "a3", "a3"]);
  expect(results[0]?.samples).toEqual([1, 1]);
});

test("audits after it has measured", async () => {
  const trace: string[] = [];
  const audited: Contender = {
    ...contender("a", trace, () => 1),
    async audit() {
      trace.push("audit");
      return { leaked: 0 };
    },
  };
  const { results } = await measureRow(rowOf([audited]), { rounds: 1, collectGarbage: () => {} });
  expect(trace).toEqual(["a10", "a10", "audit"]);
  expect(results[0]?.audit).toEqual({ leaked: 0, timers: 0 });
});

test("counts the timers that a sample leaves behind, and looks how late others ring where it can", async () => {
  const left: NodeJS.Timeout[] = [];
  onTestFinished(() => left.forEach((timer) => clearTimeout(timer)));
  const leaking: Contender = {
    library: "native",
    code: "leaking",
    async measure(count) {
      left.push(setTimeout(() => {}, 1e6));
      return count * MS;
    },
  };
  const timing = { rounds: 2, collectGarbage: () => {} };
  const fixed = await measureRow(rowOf([leaking, contender("a", [], () => 1)]), timing);
  expect(fixed.results.map(({ audit }) => audit)).toEqual([{ timers: 1 }, { timers: 0 }]);
  const calibrated = await measureRow(rowOf([leaking], { count: "calibrated" }), timing);
  expect(calibrated.results[0]?.audit.lag).toBeGreaterThanOrEqual(0);
});
