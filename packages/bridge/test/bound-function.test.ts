import { expect, test } from "vitest";
import { boundFunction } from "../src/bound-function.js";

function scale(this: { readonly factor: number }, n: number): number {
  return n * this.factor;
}

test("it is called on the object, and keeps its name", () => {
  const bound = boundFunction(scale, { factor: 3 });
  expect(bound.call({ factor: 5 }, 2)).toBe(6);
  expect(bound.name).toBe("scale");
});

test("without an object it is the function itself", () => {
  expect(boundFunction(scale, undefined)).toBe(scale);
});
