import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { BehaviourError } from "../src/behaviour-error.js";

test("has a name, a stable code, and both sides for a test runner's difference", () => {
  const error = new BehaviourError("Cannot accept it.", [1], [2]);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "BehaviourError",
    code: "TRESTLE_BEHAVIOUR",
    expected: [1],
    actual: [2],
  });
});
