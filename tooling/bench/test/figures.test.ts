import { expect, test } from "vitest";
import { formatFigure, formatRatio } from "../src/figures.js";

test("shows three digits of a time", () => {
  expect(
    [0.1234, 1.2345, 12.345, 123.45, 1234.5, 123_456].map((ns) => formatFigure(ns, "ns")),
  ).toEqual(["0.12", "1.23", "12.3", "123", "1,235", "123,456"]);
});

test("shows milliseconds with one digit, and bytes with none", () => {
  expect([formatFigure(3.14, "ms"), formatFigure(190.4, "ms")]).toEqual(["3.1", "190"]);
  expect(formatFigure(1215.7, "bytes")).toBe("1,216");
});

test("shows a ratio the more precisely the nearer it is to 1", () => {
  expect([0.432, 8.25, 48.25, 432.1].map(formatRatio)).toEqual(["0.43", "8.25", "48.3", "432"]);
});
