import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { sleep } from "../src/index.js";
import { NurseryClosedError } from "../src/nursery-closed-error.js";

test("names the function that came too late, and says what to do", () => {
  const error = new NurseryClosedError(sleep);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "NurseryClosedError", code: "TRESTLE_NURSERY_CLOSED" });
  expect(error.message).toBe(
    "Cannot start sleep (function): the nursery is closed, its block has ended.\n" +
      "Start children while the block runs, or keep it open with a child that waits.",
  );
});
