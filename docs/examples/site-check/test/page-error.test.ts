import { expect, test } from "vitest";
import { PageError } from "../src/page-error.js";

test("says whether another try may go better, and keeps what it came from", () => {
  const cause = new Error("low-level words");
  const error = new PageError("the connection broke off", { passing: true, cause });
  expect(error).toMatchObject({
    name: "PageError",
    message: "the connection broke off",
    passing: true,
    cause,
  });
});
