import { expect, test } from "vitest";
import { stackAbove } from "../src/source-stack.js";

function outer(): string {
  return inner();
}

function inner(): string {
  return stackAbove(inner);
}

test("begins with who has called the function, and has no line for an error", () => {
  const [first = ""] = outer().split("\n");
  expect(first).toContain("outer");
  expect(first).toContain("source-stack.test.ts");
});

test("gives what there is on platforms that cannot leave calls out", () => {
  const capture = Object.getOwnPropertyDescriptor(Error, "captureStackTrace");
  Object.defineProperty(Error, "captureStackTrace", { value: undefined, configurable: true });
  try {
    expect(outer()).toContain("inner");
  } finally {
    Object.defineProperty(Error, "captureStackTrace", capture as PropertyDescriptor);
  }
});
