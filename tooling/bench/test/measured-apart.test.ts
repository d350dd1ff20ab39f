import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { measureApart, withoutContenders } from "../src/measured-apart.js";
import type { Contender, Row } from "../src/row.js";

const contender = (code: string): Contender => ({
  library: "Trestle",
  code,
  measure: () => Promise.reject(new Error("must be measured elsewhere")),
});

const row: Row = {
  name: "a-row",
  title: "a row",
  unit: "ns",
  per: "turn",
  count: 10,
  contenders: [contender("a"), contender("b")],
};

const figures = [
  {
    count: 10,
    samples: [1, 2],
    minimum: 1,
    median: 1.5,
    figure: 1,
    audit: { timers: 0, lag: 0.5 },
  },
  { count: 20, samples: [3], minimum: 3, median: 3, figure: 3, audit: {} },
];

/** A module that is the process of the row. */
function moduleOf(text: string): URL {
  const folder = mkdtempSync(path.join(tmpdir(), "row-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "row.mjs");
  writeFileSync(file, text);
  return pathToFileURL(file);
}

test("gives the figures of another process to the contenders in their order", async () => {
  const module = moduleOf(`
    const [name, rounds] = process.argv.slice(2);
    const figures = ${JSON.stringify(figures)};
    figures[1].samples.push(name, rounds);
    process.send(figures, () => process.disconnect());
  `);
  const { results } = await measureApart(row, 7, module);
  expect(results.map((result) => result.contender)).toEqual(row.contenders);
  expect(results.map(({ minimum, audit }) => [minimum, audit])).toEqual([
    [1, { timers: 0, lag: 0.5 }],
    [3, {}],
  ]);
  expect(results[1]?.samples).toEqual([3, "a-row", "7"]);
});

test.each([
  ["process.exit(3)", "3"],
  ["process.kill(process.pid, 'SIGKILL')", "SIGKILL"],
  ["process.send([]); process.exitCode = 1", "1"],
])("says how the process ended that has not measured: %s", async (text, how) => {
  const message = `Cannot measure "a-row": its process ended by ${how}.`;
  await expect(measureApart(row, 1, moduleOf(text))).rejects.toThrow(message);
});

test("what travels is figures only", () => {
  const results = row.contenders.map((each, i) => ({
    contender: each,
    ...(figures[i] as (typeof figures)[number]),
  }));
  expect(structuredClone(withoutContenders({ row, results }))).toEqual(figures);
});
