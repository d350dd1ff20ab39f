import { expect, test } from "vitest";
import { circleIn, dependentsOf } from "../src/dependencies.js";

const jobs = [
  { name: "last", needs: ["middle"] },
  { name: "middle", needs: ["other", "first"] },
  { name: "first", needs: [] },
  { name: "other", needs: [] },
  { name: "beside", needs: ["other"] },
];

test.each([
  [2, ["last", "middle"]],
  [3, ["last", "middle", "beside"]],
  [0, []],
])("finds those that need job %i, also by way of others", (at, names) => {
  const found = dependentsOf(jobs[at]!, jobs);
  expect(found.map(({ name }) => name)).toEqual(names);
});

test("finds no circle where several need the same", () => {
  const diamond = [
    { name: "top", needs: ["left", "right"] },
    { name: "left", needs: ["bottom"] },
    { name: "right", needs: ["bottom"] },
    { name: "bottom", needs: [] },
  ];
  expect(circleIn(jobs)).toBeUndefined();
  expect(circleIn(diamond)).toBeUndefined();
});

test.each([
  [[{ name: "a", needs: ["a"] }], ["a", "a"]],
  [
    [
      { name: "outside", needs: ["a"] },
      { name: "a", needs: ["b"] },
      { name: "b", needs: ["c"] },
      { name: "c", needs: ["a"] },
    ],
    ["a", "b", "c", "a"],
  ],
])("names the jobs of a circle, and no others: %j", (circular, names) => {
  expect(circleIn(circular)).toEqual(names);
});
