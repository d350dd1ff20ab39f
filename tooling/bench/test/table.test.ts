import { expect, test } from "vitest";
import { formatTable } from "../src/table.js";

test("makes each column as wide as its widest cell, and aligns it", () => {
  const columns = [
    { head: "library", align: "left" },
    { head: "ns", align: "right" },
  ] as const;
  const rows = [
    ["Trestle", "7"],
    ["Effect", "1,234"],
  ];
  expect(formatTable(columns, rows)).toEqual([
    "library     ns",
    "Trestle      7",
    "Effect   1,234",
  ]);
});

test("lets a row end early, and no line end in spaces", () => {
  const columns = [
    { head: "a", align: "left" },
    { head: "", align: "left" },
  ] as const;
  expect(formatTable(columns, [["one"], ["two", "three"]])).toEqual(["a", "one", "two  three"]);
});
