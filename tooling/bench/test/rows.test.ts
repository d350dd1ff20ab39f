import { expect, test } from "vitest";
import { goals } from "../src/goals.js";
import { rows } from "../src/rows.js";

test("every row has its own name, Trestle first, and contenders that can be told apart", () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  for (const { contenders } of rows) {
    expect(contenders[0]?.library).toBe("Trestle");
    const labels = contenders.map(({ library, code }) => `${library} ${code}`);
    expect(new Set(labels).size).toBe(labels.length);
  }
});

test("every goal is one of a row", () => {
  const names = new Set(rows.map(({ name }) => name));
  for (const { row } of goals) expect(names).toContain(row);
});

test("a calibrated row comes out right with one step", async () => {
  for (const { step = 1, count, contenders } of rows) {
    if (count !== "calibrated") continue;
    for (const contender of contenders) {
      expect(await contender.measure(step)).toBeGreaterThan(0);
    }
  }
});
