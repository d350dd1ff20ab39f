import { expect, test } from "vitest";
import { Field } from "../src/field.js";

test("takes the time from the last start to the last end", () => {
  const field = new Field(2);
  field.enter();
  field.enter();
  field.leave();
  expect(() => field.elapsed).toThrow("1 of 2 tasks are through");
  field.leave();
  expect(field.elapsed).toBeGreaterThanOrEqual(0);
});

test("refuses a time of tasks that were not all at work", () => {
  const field = new Field(2);
  field.enter();
  expect(() => field.leave()).toThrow("before all had started");
});
