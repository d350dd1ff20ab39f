import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { BrokenBarrierError } from "../src/broken-barrier-error.js";

test("says how the barrier was broken, and what to do", () => {
  const error = new BrokenBarrierError("aborted");
  expect(error).toBeInstanceOf(TrestleError);
  expect([error.name, error.code]).toEqual(["BrokenBarrierError", "TRESTLE_BROKEN_BARRIER"]);
  expect(error.message).toBe(
    "Cannot wait at the barrier: it was aborted.\nCall 'reset' to use it again.",
  );
  expect(new BrokenBarrierError("reset").message).toContain("it was reset meanwhile");
});
