import { expect, test } from "vitest";
import { plantedIn, PlantedError } from "../../src/audits/planted-error.js";

test("finds planted errors wherever properties lead to, each once", () => {
  const error = new PlantedError(1);
  const cause = new Error("outer", { cause: new PlantedError(2) });
  expect(plantedIn({ error, again: [error], group: new AggregateError([cause]) })).toBe(2);
});

test("finds none in what is none", () => {
  expect([undefined, "text", new Error("other"), []].map(plantedIn)).toEqual([0, 0, 0, 0]);
});
