import { expect, test } from "vitest";
import { readSrcset } from "../src/srcset.js";

test.each([
  ["", []],
  ["a.png", ["a.png"]],
  ["a.png 1x, b.png 2x", ["a.png", "b.png"]],
  ["a.png 480w,b.png 800w", ["a.png", "b.png"]],
  ["a.png, b.png", ["a.png", "b.png"]],
  ["\n  a.png  480w ,\n  b.png\n", ["a.png", "b.png"]],
  ["/w_1,h_2/a.png 1x, b.png", ["/w_1,h_2/a.png", "b.png"]],
  ["data:image/png;base64,AAAA 1x, b.png 2x", ["data:image/png;base64,AAAA", "b.png"]],
  ["a.png calc(1px, 2px) 3x, b.png", ["a.png", "b.png"]],
  [",,a.png,,", ["a.png"]],
  ["a.png (unclosed, b.png", ["a.png"]],
])("reads %j", (value, addresses) => {
  expect(readSrcset(value)).toEqual(addresses);
});
