import { expect, test } from "vitest";
import { HostFunctionError } from "../src/host-function-error.js";

test("names the function, why, and what to do", () => {
  expect(new HostFunctionError("log", "it was not given", "Give it.").message).toBe(
    "Cannot call 'log' from a job: it was not given.\nGive it.",
  );
});
