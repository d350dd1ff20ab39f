import { expect, test } from "vitest";
import { gapsOf, publicNames, type PublicName } from "./docstrings.js";

test("each public name has a docstring that says what the rules of the house want", () => {
  const names = publicNames();
  expect(names.length).toBeGreaterThan(400);
  const gaps = names.flatMap((name) =>
    gapsOf(name).map((gap) => `${name.title} says nothing of: ${gap}`),
  );
  expect(gaps).toEqual([]);
});

test("a gap is found", () => {
  const bare: PublicName = {
    title: "structured: nap",
    kind: "function",
    docstring: "Sleeps.",
    head: "(ms: number): Operation<void> ",
  };
  expect(gapsOf(bare)).toEqual(["flavor", "source", "example", "errors", "cancellation"]);
  expect(gapsOf({ ...bare, docstring: "" })).toEqual(["sentence"]);
});
