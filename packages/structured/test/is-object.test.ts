import { expect, test } from "vitest";
import { isObject } from "../src/is-object.js";

test.for([{}, [], new Date(), Object.create(null)])("an object is one: %o", (value) => {
  expect(isObject(value)).toBe(true);
});

test.for([null, undefined, "text", 5, () => {}])("nothing else is: %o", (value) => {
  expect(isObject(value)).toBe(false);
});
