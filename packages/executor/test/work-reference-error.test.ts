import { expect, test } from "vitest";
import { WorkReferenceError } from "../src/work-reference-error.js";

test("has its code, and a cause where there is one", () => {
  const error = new WorkReferenceError("Cannot refer", { cause: 5 });
  expect([error.code, error.cause]).toEqual(["TRESTLE_WORK_REFERENCE", 5]);
});
