import { expect, test } from "vitest";
import { NoRunError } from "../src/index.js";
import { addInstrument, removeInstrument } from "../src/lowlevel.js";

test("instruments are added and removed in a task only", () => {
  expect(() => addInstrument({})).toThrow(NoRunError);
  expect(() => removeInstrument({})).toThrow(NoRunError);
});
