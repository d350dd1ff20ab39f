import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { BlockReusedError } from "../src/block-reused-error.js";

test("says what was done twice, and what to do", () => {
  const error = new BlockReusedError("open a nursery");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "BlockReusedError", code: "TRESTLE_BLOCK_REUSED" });
  expect(error.message).toBe(
    "Cannot open a nursery twice with one operation: it has run already.\nMake a new one for each 'yield*'.",
  );
});
