import { expect, test } from "vitest";
import { drawPlot } from "../../src/document/plot.js";

const plot = {
  title: "Times & ratios",
  axis: "times",
  reference: 1,
  format: String,
  lines: [
    { name: "cancel", marks: [{ series: "Effect", value: 10 }] },
    { name: "<park>", marks: [{ series: "native", value: 0.1 }] },
  ],
};

test("draws each mark at its place on a logarithmic axis, under its series", () => {
  const marks = [...drawPlot(plot).matchAll(/<circle class="s(\d)" cx="([\d.]+)" cy="([\d.]+)"/gu)];
  // The legend's two, then those of the lines: a decade to the right of 1, and one to the left.
  expect(marks.map(([, series, x, y]) => [series, x, y])).toEqual([
    ["0", "195", "46"],
    ["1", "269", "46"],
    ["0", "830", "87"],
    ["1", "190", "109"],
  ]);
});

test("is read in light and in dark, and shows texts as they are", () => {
  const svg = drawPlot(plot);
  expect(svg).toContain("@media(prefers-color-scheme:dark)");
  expect(svg).toContain("Times &amp; ratios");
  expect(svg).toContain("&lt;park&gt;");
});

test("has a line at the value to compare with, and a grid of the decades", () => {
  const svg = drawPlot(plot);
  expect(svg).toContain('<line class="reference" x1="510"');
  expect(svg.match(/class="grid"/gu)).toHaveLength(3);
});
